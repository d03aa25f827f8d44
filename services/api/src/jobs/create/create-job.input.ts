import { Field, InputType, Int } from 'type-graphql';
import { AnnotationInput, EnvironmentVariableInput, ImagePullSecretInput } from './job-parts.input.js';
import { PlacementInput } from './placement.input.js';

/** The rules that GraphQL cannot express are `parseCreateJob`'s. */
@InputType({
  description:
    '`null` means the default everywhere. All that is wrong comes in one error, BAD_USER_INPUT, with `extensions.issues`: `[{ path, code, message }]`.',
})
export class CreateJobInput {
  @Field(() => String, { nullable: true, description: 'Idempotency key, 1 to 128 characters, kept 7 days' })
  requestId?: string | null;

  @Field(() => String, {
    description:
      '1 to 20 lower-case letters, digits and hyphens, the first a letter, the last no hyphen; unique among the jobs of the organization that are not deleted',
  })
  name!: string;

  @Field(() => String, {
    description: 'OCI repository, `[host[:port]/]path`, without scheme, tag or digest; at most 255 characters',
  })
  imageUrl!: string;

  @Field(() => String, { description: 'A tag, or a digest `sha256:…`' })
  imageTag!: string;

  @Field(() => ImagePullSecretInput, { nullable: true })
  imagePullSecret?: ImagePullSecretInput | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: '1 to 100,000' })
  completions?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1,
    description: '1 to completions, and at most what the installation allows: 1,000 by default',
  })
  parallelism?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 3,
    description: 'Retries of the whole job, not per index: one failed pod more ends it. 0 to 2,147,483,647',
  })
  backoffLimit?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds from release to the cluster, waiting there included; from 0 again after a resume. 1 to 2,147,483,647',
  })
  activeDeadlineSeconds?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Split like a POSIX shell splits words, by quotes and backslashes, but without a shell: what only a shell could do is refused. Empty: the image's own entrypoint. At most 64 KiB",
  })
  command?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Instead of `command`: the words as the container gets them; at most 10,000, of 64 KiB together',
  })
  commandArgv?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'false: nothing of the output is read or kept',
  })
  enableLogging?: boolean | null;

  @Field(() => [EnvironmentVariableInput], {
    nullable: true,
    defaultValue: [],
    description: 'At most 1,000, with values of 256 KiB together',
  })
  env?: EnvironmentVariableInput[] | null;

  @Field(() => [AnnotationInput], {
    nullable: true,
    defaultValue: [],
    description:
      'On the Kubernetes Job, not on its pods. At most 1,000, of 64 KiB together, none under a prefix that is or ends in kubernetes.io, k8s.io or ccluster.io',
  })
  annotations?: AnnotationInput[] | null;

  @Field(() => PlacementInput, { nullable: true })
  placement?: PlacementInput | null;
}

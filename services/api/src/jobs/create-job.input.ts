import { Field, ID, InputType, Int } from 'type-graphql';

@InputType()
export class ImagePullSecretInput {
  @Field(() => String)
  username!: string;

  @Field(() => String)
  password!: string;
}

@InputType()
export class EnvironmentVariableInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;

  @Field(() => Boolean, { defaultValue: true })
  secret!: boolean;
}

@InputType()
export class AnnotationInput {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

@InputType({
  description: "All of it is optional: the user's own choice, or what an offer must satisfy, or nothing (any offer).",
})
export class PlacementInput {
  @Field(() => ID, { nullable: true })
  clusterId?: string | null;

  @Field(() => ID, { nullable: true })
  instanceTypeId?: string | null;

  @Field(() => [String], { nullable: true })
  regions?: string[] | null;

  @Field(() => [String], { nullable: true })
  gpuTypes?: string[] | null;

  @Field(() => Int, { nullable: true })
  minGpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: 'US cents per replica and hour' })
  maxPricePerHourCents?: number | null;
}

/** The rules that GraphQL cannot express are `parseCreateJob`'s. */
@InputType()
export class CreateJobInput {
  @Field(() => String, { nullable: true, description: 'Idempotency key, 1 to 128 characters, kept 7 days' })
  requestId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  imageUrl!: string;

  @Field(() => String, { description: 'A tag, or a digest `sha256:…`' })
  imageTag!: string;

  @Field(() => ImagePullSecretInput, { nullable: true })
  imagePullSecret?: ImagePullSecretInput | null;

  @Field(() => Int, { nullable: true, defaultValue: 1 })
  completions?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 1 })
  parallelism?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 3, description: 'Retries of the whole job, not per index' })
  backoffLimit?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds from release to the cluster, waiting there included',
  })
  activeDeadlineSeconds?: number | null;

  @Field(() => String, { nullable: true })
  command?: string | null;

  @Field(() => [String], { nullable: true, description: 'Instead of `command`' })
  commandArgv?: string[] | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  enableLogging?: boolean | null;

  @Field(() => [EnvironmentVariableInput], { nullable: true, defaultValue: [] })
  env?: EnvironmentVariableInput[] | null;

  @Field(() => [AnnotationInput], { nullable: true, defaultValue: [] })
  annotations?: AnnotationInput[] | null;

  @Field(() => PlacementInput, { nullable: true })
  placement?: PlacementInput | null;
}

import { Field, InputType } from 'type-graphql';

@InputType({
  description:
    'For the registry of imageUrl, Docker Hub where it names none. Both parts, or neither: two empty ones mean none.',
})
export class ImagePullSecretInput {
  @Field(() => String)
  username!: string;

  @Field(() => String)
  password!: string;
}

@InputType()
export class EnvironmentVariableInput {
  @Field(() => String, {
    description:
      'Letters, digits and underscores, the first no digit, at most 253; each name once. JOB_COMPLETION_INDEX and JOB_COMPLETIONS are reserved',
  })
  name!: string;

  @Field(() => String, { description: 'Reaches the container byte for byte; at most 32 KiB of UTF-8, no NUL' })
  value!: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Write-only: the value is never given back' })
  secret!: boolean;
}

@InputType()
export class AnnotationInput {
  @Field(() => String, { description: 'A qualified name of Kubernetes; each once' })
  key!: string;

  @Field(() => String)
  value!: string;
}

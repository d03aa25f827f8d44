import { Field, InputType } from 'type-graphql';

@InputType({ description: "A kubeconfig's text, or its parts" })
export class ClusterCredentialsInput {
  @Field(() => String, { nullable: true })
  kubeconfig?: string | null;

  @Field(() => String, { nullable: true })
  server?: string | null;

  @Field(() => String, { nullable: true })
  caCertificate?: string | null;

  @Field(() => String, { nullable: true })
  bearerToken?: string | null;

  @Field(() => String, { nullable: true })
  clientCertificate?: string | null;

  @Field(() => String, { nullable: true })
  clientKey?: string | null;

  @Field(() => String, { nullable: true })
  tlsServerName?: string | null;
}

@InputType()
export class RegisterClusterInput {
  @Field(() => String, { description: 'Lower case, digits, hyphens; unique for its owner' })
  name!: string;

  @Field(() => String, { nullable: true })
  displayName?: string | null;

  @Field(() => String)
  region!: string;

  @Field(() => String, { nullable: true })
  provider?: string | null;

  @Field(() => Boolean, { defaultValue: false })
  managed!: boolean;

  @Field(() => String, {
    description: 'On a managed cluster, where each organization has its own: a template with `{organization}`',
  })
  namespace!: string;

  @Field(() => ClusterCredentialsInput)
  credentials!: ClusterCredentialsInput;

  @Field(() => ClusterCredentialsInput, {
    nullable: true,
    description: 'Read-only ones for the watcher; the same as `credentials` if not given',
  })
  readerCredentials?: ClusterCredentialsInput | null;

  @Field(() => Boolean, { defaultValue: false })
  autoscaling!: boolean;
}

import { Field, InputType } from 'type-graphql';
import { ClusterCredentialsInput } from './register-cluster.input.js';

/** The rules that GraphQL cannot express are `parseClusterChange`'s. */
@InputType({ description: 'What is not given, or null, stays as it is' })
export class UpdateClusterInput {
  @Field(() => String, { nullable: true })
  displayName?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: it takes no new jobs; those that run there go on' })
  draining?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  autoscaling?: boolean | null;

  @Field(() => ClusterCredentialsInput, {
    nullable: true,
    description: 'For the same cluster. The watcher gets them too where it had the same as these before',
  })
  credentials?: ClusterCredentialsInput | null;

  @Field(() => ClusterCredentialsInput, { nullable: true })
  readerCredentials?: ClusterCredentialsInput | null;
}

import { Field, InputType } from 'type-graphql';
import { PlacementInput } from './placement.input.js';

/** The rules that GraphQL cannot express are `parseRerunJob`'s. */
@InputType()
export class RerunJobInput {
  @Field(() => String, { nullable: true, description: 'Idempotency key, 1 to 128 characters, kept 7 days' })
  requestId?: string | null;

  @Field(() => String, { description: 'Of the new job' })
  name!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Run only the tasks that did not succeed, under their own indexes',
  })
  onlyFailed!: boolean;

  @Field(() => PlacementInput, { nullable: true, description: 'As was asked for before, if not given' })
  placement?: PlacementInput | null;
}

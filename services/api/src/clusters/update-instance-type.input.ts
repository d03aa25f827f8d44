import { Field, InputType, Int } from 'type-graphql';
import { AnnotationInput } from '../jobs/create/job-parts.input.js';
import { TolerationInput } from './create-instance-type.input.js';

/** The rules that GraphQL cannot express are `parseInstanceTypeChange`'s. */
@InputType({ description: 'What is not given, or null, stays as it is' })
export class UpdateInstanceTypeInput {
  @Field(() => Int, { nullable: true, description: 'For jobs placed from now on' })
  pricePerHourCents?: number | null;

  @Field(() => [AnnotationInput], { nullable: true, description: 'In place of what was there' })
  nodeSelector?: AnnotationInput[] | null;

  @Field(() => [TolerationInput], { nullable: true, description: 'In place of what was there' })
  tolerations?: TolerationInput[] | null;
}

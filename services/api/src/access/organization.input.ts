import { Field, InputType, Int } from 'type-graphql';

/** The rules that GraphQL cannot express are `parseCreateOrganization`'s. */
@InputType()
export class CreateOrganizationInput {
  @Field(() => String, { description: 'Unique; 1 to 100 characters' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'GPUs its jobs may hold at once; null: no limit' })
  maxGpus?: number | null;
}

@InputType()
export class UpdateOrganizationInput {
  @Field(() => Int, { nullable: true, description: 'null: no limit; not given: as before' })
  maxGpus?: number | null;
}

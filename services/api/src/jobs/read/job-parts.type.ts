import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true })
export class Warning {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;
}

@ObjectType({ simpleResolvers: true })
export class EnvironmentVariable {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'null where secret' })
  value!: string | null;

  @Field(() => Boolean)
  secret!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class Annotation {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType({ simpleResolvers: true })
export class RequestedPlacement {
  @Field(() => ID, { nullable: true })
  clusterId!: string | null;

  @Field(() => ID, { nullable: true })
  instanceTypeId!: string | null;

  @Field(() => [String], { nullable: true })
  regions!: readonly string[] | null;

  @Field(() => [String], { nullable: true })
  gpuTypes!: readonly string[] | null;

  @Field(() => Int, { nullable: true })
  minGpuCount!: number | null;

  @Field(() => Int, { nullable: true })
  maxPricePerHourCents!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'The five always sum to `completions`' })
export class TaskCounts {
  @Field(() => Int)
  pending!: number;

  @Field(() => Int)
  running!: number;

  @Field(() => Int)
  succeeded!: number;

  @Field(() => Int)
  failed!: number;

  @Field(() => Int)
  cancelled!: number;
}

import { Field, ID, InputType, Int } from 'type-graphql';
import { AnnotationInput } from '../jobs/create/job-parts.input.js';

@InputType()
export class TolerationInput {
  @Field(() => String)
  key!: string;

  @Field(() => String, { nullable: true })
  value?: string | null;

  @Field(() => String, { nullable: true })
  effect?: string | null;
}

/** The rules that GraphQL cannot express are `parseInstanceType`'s. */
@InputType()
export class CreateInstanceTypeInput {
  @Field(() => ID)
  clusterId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  gpuType?: string | null;

  @Field(() => Int)
  gpuCount!: number;

  @Field(() => Int, { nullable: true })
  gpuMemoryMiB?: number | null;

  @Field(() => String, { defaultValue: 'nvidia.com/gpu' })
  acceleratorResource!: string;

  @Field(() => Int)
  cpuMillicores!: number;

  @Field(() => Int)
  memoryMiB!: number;

  @Field(() => Int, { nullable: true, description: 'Size of /dev/shm; half of the memory if not given' })
  sharedMemoryMiB?: number | null;

  @Field(() => Int)
  pricePerHourCents!: number;

  @Field(() => [AnnotationInput], { defaultValue: [] })
  nodeSelector!: AnnotationInput[];

  @Field(() => [TolerationInput], { defaultValue: [] })
  tolerations!: TolerationInput[];
}

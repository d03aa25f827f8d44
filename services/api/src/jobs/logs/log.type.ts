import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { PageInfo } from '../../graphql/page-info.type.js';

@ObjectType({ simpleResolvers: true })
export class LogGap {
  @Field(() => Int, { nullable: true })
  lines!: number | null;

  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;
}

@ObjectType({ simpleResolvers: true })
export class LogLine {
  @Field(() => ID)
  podId!: string;

  @Field(() => Int)
  index!: number;

  @Field(() => Int)
  attempt!: number;

  @Field(() => Int, { description: 'From 1 in each attempt, without holes' })
  number!: number;

  @Field(() => DateTime)
  at!: string;

  @Field(() => String)
  text!: string;

  @Field(() => Boolean, { description: 'The line goes on in the next one (longer than 16 KiB)' })
  continued!: boolean;

  @Field(() => LogGap, { nullable: true, description: 'Lines lost just before this one, as far as is known' })
  gapBefore!: LogGap | null;
}

@ObjectType({ simpleResolvers: true })
export class LogBatch {
  @Field(() => String)
  cursor!: string;

  @Field(() => [LogLine])
  lines!: LogLine[];
}

@ObjectType({ simpleResolvers: true })
export class LogLineEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => LogLine)
  node!: LogLine;
}

@ObjectType({ simpleResolvers: true })
export class LogLineConnection {
  @Field(() => [LogLineEdge])
  edges!: LogLineEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

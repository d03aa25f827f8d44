import { readFileSync } from 'node:fs';

import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';

import { describePosition, findPositions } from './positions.js';

const SCHEMA = `
  type Query { job(id: ID!): Job  jobs(filter: Filter, first: Int): Jobs!  version: String }
  type Mutation { stop(id: ID!, hard: Boolean): Job }
  type Subscription { changes(after: String): Job }
  type Jobs { nodes: [Job!]! }
  type Job { id: ID!  logs(podId: ID, last: Int): Logs  parent: Job }
  type Logs { text(search: String): String }
  input Filter { clusterIds: [ID!]  not: Filter  age: Int }
`;

it('finds each place for an id or a text once, wherever it is nested', () => {
  expect(findPositions(buildSchema(SCHEMA)).map(describePosition)).toEqual([
    'query job(id)',
    'query jobs(filter.clusterIds)',
    'mutation stop(id)',
    'subscription changes(after)',
    'query job.logs(podId)',
    'query job.logs.text(search)',
  ]);
});

it('finds those of the contract', () => {
  const schema = buildSchema(readFileSync(new URL('../../../../../schema.graphql', import.meta.url), 'utf8'));
  const found = findPositions(schema).map(describePosition);
  for (const known of [
    'query jobByName(name)',
    'query job.logs(podId)',
    'query jobs(filter.clusterId)',
    'mutation createJob(input.placement.instanceTypeId)',
    'mutation deleteJob(id)',
    'subscription jobLogs(podId)',
    'query job.pods.edges.node.logs(after)',
  ]) {
    expect(found).toContain(known);
  }
});

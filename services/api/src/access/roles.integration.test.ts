import 'reflect-metadata';
import { includesRole, ROLES, type Role } from '@ccluster/domain';
import { assertObjectType, type GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiSchema } from '../schema.js';
import { refusalsOf } from '../testing/issues.js';
import { leastArguments, operationOf } from '../testing/schema-arguments.js';
import { createTestJob, life, record, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

/** The least role that each operation needs, for what belongs to the caller's organization. */
const LEAST_ROLES: Readonly<Record<string, Role>> = {
  'Query.viewer': 'VIEWER',
  'Query.job': 'VIEWER',
  'Query.jobByName': 'VIEWER',
  'Query.jobs': 'VIEWER',
  'Query.placementPlan': 'VIEWER',
  'Query.parseCommand': 'VIEWER',
  'Query.clusters': 'VIEWER',
  'Query.cluster': 'VIEWER',
  'Query.instanceTypes': 'VIEWER',
  'Query.apiKeys': 'ADMIN',
  'Query.auditLog': 'ADMIN',
  'Query.organizations': 'OPERATOR',
  'Mutation.createJob': 'SUBMITTER',
  'Mutation.cancelJob': 'SUBMITTER',
  'Mutation.suspendJob': 'SUBMITTER',
  'Mutation.resumeJob': 'SUBMITTER',
  'Mutation.rerunJob': 'SUBMITTER',
  'Mutation.deleteJob': 'SUBMITTER',
  'Mutation.registerCluster': 'ADMIN',
  'Mutation.updateCluster': 'ADMIN',
  'Mutation.removeCluster': 'ADMIN',
  'Mutation.createInstanceType': 'ADMIN',
  'Mutation.updateInstanceType': 'ADMIN',
  'Mutation.removeInstanceType': 'ADMIN',
  'Mutation.createApiKey': 'ADMIN',
  'Mutation.revokeApiKey': 'ADMIN',
  'Mutation.createOrganization': 'OPERATOR',
  'Mutation.updateOrganization': 'OPERATOR',
  'Subscription.jobEvents': 'VIEWER',
  'Subscription.jobUpdates': 'VIEWER',
  'Subscription.jobLogs': 'VIEWER',
};
/** A subscription that says nothing for so long has taken what it was given. */
const SILENCE_MS = 1_000;

interface Operation {
  readonly name: string;
  readonly keyword: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
}

const schema = buildApiSchema();
const operations: readonly Operation[] = (['Query', 'Mutation', 'Subscription'] as const).flatMap((type) =>
  Object.values(assertObjectType(schema.getType(type)).getFields()).map((field) => ({
    name: `${type}.${field.name}`,
    keyword: type.toLowerCase() as Operation['keyword'],
    field,
  })),
);
const cases = operations.flatMap((operation) => ROLES.map((role) => ({ ...operation, role })));

describe('each role', () => {
  let api: TestApi;
  let callers: Readonly<Record<Role, TestCaller>>;
  let jobs = 0;

  beforeAll(async () => {
    api = await startTestApi();
    const made = await Promise.all(ROLES.map(async (role) => [role, await api.newCaller('acme', role)] as const));
    callers = Object.fromEntries(made) as Record<Role, TestCaller>;
  });

  afterAll(() => api.stop());

  const newFinishedJob = async () => {
    const id = await createTestJob(callers.SUBMITTER, { name: `job-${(jobs += 1)}` });
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    return id;
  };
  const refusalsFor = async ({ keyword, field }: Operation, role: Role) => {
    const variables = leastArguments(field, await newFinishedJob());
    const document = operationOf(keyword, field);
    const caller = callers[role];
    return refusalsOf(
      keyword === 'subscription'
        ? await caller.first(document, variables, SILENCE_MS)
        : await caller.ask(document, variables),
    );
  };

  it('has its place in the table for every operation of the schema', () => {
    expect(operations.map(({ name }) => name).filter((name) => !(name in LEAST_ROLES))).toEqual([]);
  });

  it.each(cases)('$role may, or may not, do $name', async ({ role, ...operation }) => {
    const isForbidden = (await refusalsFor(operation, role)).join() === 'FORBIDDEN';
    expect(isForbidden).toBe(!includesRole(role, LEAST_ROLES[operation.name]!));
  });

  it.each(operations)('is needed for $name: nobody without a key comes so far', async ({ keyword, field }) => {
    const query = operationOf(keyword, field);
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: leastArguments(field, 'job_1') }),
    });
    expect(response.status).toBe(401);
  });

  it.each(ROLES)('%s may download logs', async (role) => {
    const jobId = await newFinishedJob();
    const podId = await seedPod(api.database, jobId);
    for (const path of [`/jobs/${jobId}/log`, `/jobs/${jobId}/pods/${podId}/log`]) {
      const get = (headers: Record<string, string>) => fetch(`${api.address}${path}`, { headers });
      expect((await get({ authorization: `Bearer ${callers[role].key}` })).status).toBe(200);
      expect((await get({})).status).toBe(401);
    }
  });
});

import 'reflect-metadata';
import { assertObjectType, type GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiSchema } from './schema.js';
import { refusalsOf } from './testing/issues.js';
import { argumentsWith, operationOf, operationOnJob, type ScalarValues } from './testing/schema-arguments.js';
import { seedOffer } from './testing/seed-cluster.js';
import { createTestJob, life, record, seedPod } from './testing/seed-job.js';
import { startTestApi, type TestApi } from './testing/start-test-api.js';
import type { TestCaller } from './testing/test-caller.js';

type Field = GraphQLField<unknown, unknown>;
type Ask = (variables: Record<string, unknown>) => Promise<object>;

const schema = buildApiSchema();
/** Each field with its name before it. */
const named = (type: string) => Object.entries(assertObjectType(schema.getType(type)).getFields());
const jobLists = named('Job').filter(([, { args }]) => args.length > 0);
const takingIds = (type: string) =>
  named(type).filter(([, field]) => JSON.stringify(argumentsWith(field, '', { ID: ['<id>'] })).includes('<id>'));

/** What a mistake could let through to where it does harm. */
const HOSTILE: ScalarValues = {
  String: ['', '\0', '\ud800', `'"\\%_`, '🎉'.repeat(20_000)],
  ID: ['', '\0', '\ud800', 'x'.repeat(100_000)],
  Int: [-2_147_483_648, -1, 0, 2_147_483_647],
  Boolean: [true, false],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59'],
};
/** Operators may do these for any organization, so what they are told of ids is what there is. */
const INSTALLATION_WIDE: readonly string[] = [
  'apiKeys',
  'auditLog',
  'createApiKey',
  'revokeApiKey',
  'updateOrganization',
];
/** A subscription that says nothing for so long has taken what it was given. */
const SILENCE_MS = 1_000;

describe('every operation', () => {
  let api: TestApi;
  let caller: TestCaller;
  let jobs = 0;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const newJob = (by = caller) => createTestJob(by, { name: `job-${(jobs += 1)}` });
  const newFinishedJob = async () => {
    const id = await newJob();
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    return id;
  };

  describe('has no fault for any input', () => {
    it.each(named('Query'))('of Query.%s', async (_, field) => {
      const id = await newJob();
      for (const variables of argumentsWith(field, id, HOSTILE)) {
        expect(refusalsOf(await caller.ask(operationOf('query', field), variables))).not.toContain('INTERNAL');
      }
    });

    it.each(jobLists)('of Job.%s', async (_, field) => {
      const id = await newJob();
      for (const variables of argumentsWith(field, id, HOSTILE)) {
        expect(refusalsOf(await caller.ask(operationOnJob(field), { ...variables, id }))).not.toContain('INTERNAL');
      }
    });

    it.each(named('Mutation'))('of Mutation.%s', async (name, field) => {
      const newSubject = name === 'rerunJob' || name === 'deleteJob' ? newFinishedJob : newJob;
      for (const i of argumentsWith(field, '', HOSTILE).keys()) {
        const variables = argumentsWith(field, await newSubject(), HOSTILE)[i];
        expect(refusalsOf(await caller.ask(operationOf('mutation', field), variables))).not.toContain('INTERNAL');
      }
    });

    it.each(named('Subscription'))('of Subscription.%s', async (_, field) => {
      const document = operationOf('subscription', field);
      const inputs = argumentsWith(field, await newJob(), HOSTILE);
      const answers = await Promise.all(inputs.map((variables) => caller.first(document, variables, SILENCE_MS)));
      expect(answers.flatMap(refusalsOf)).not.toContain('INTERNAL');
    });
  });

  describe('answers the id of something of another organization like one that does not exist', () => {
    let foreignIds: string[];
    let ownId: string;
    let admin: TestCaller;

    beforeAll(async () => {
      const stranger = await api.newCaller('umbrella', 'OPERATOR');
      await seedOffer(api.database, 'ours', null);
      await seedOffer(api.database, 'theirs', stranger.organizationId);
      const jobId = await newJob(stranger);
      await record(api.database, jobId, ...life.toRunning, ...life.toEnd);
      const { rows } = await api.database.pool.query<{ id: string }>(
        'select id from api_keys where organization_id = $1',
        [stranger.organizationId],
      );
      const podId = await seedPod(api.database, jobId);
      foreignIds = [jobId, podId, 'cl_theirs', 'it_theirs', stranger.organizationId, rows[0]!.id];
      admin = await api.newCaller('acme', 'ADMIN');
      ownId = await newFinishedJob();
    });

    /** What comes with the id wherever one can be given, without the id. */
    const answersTo = async (id: string, field: Field, ask: Ask) => {
      const inputs = argumentsWith(field, ownId, { ID: [id] }).filter((input) => JSON.stringify(input).includes(id));
      const answers = await Promise.all(inputs.map(ask));
      return answers.map((answer) => JSON.stringify(answer).replaceAll(id, '<id>'));
    };
    const expectAlike = async (field: Field, ask: Ask) => {
      const missing = await answersTo('none_1', field, ask);
      for (const id of foreignIds) expect(await answersTo(id, field, ask)).toEqual(missing);
    };

    const asker = (name: string) => (INSTALLATION_WIDE.includes(name) ? admin : caller);

    it.each(takingIds('Query'))('to Query.%s', (name, field) =>
      expectAlike(field, (variables) => asker(name).ask(operationOf('query', field), variables)),
    );

    it.each(takingIds('Mutation'))('to Mutation.%s', (name, field) =>
      expectAlike(field, (variables) => asker(name).ask(operationOf('mutation', field), variables)),
    );

    it.each(takingIds('Subscription'))('to Subscription.%s', (_, field) =>
      expectAlike(field, (variables) => caller.first(operationOf('subscription', field), variables, SILENCE_MS)),
    );

    it('to Job.logs', () => {
      const [, field] = jobLists.find(([name]) => name === 'logs')!;
      return expectAlike(field, (variables) => caller.ask(operationOnJob(field), { ...variables, id: ownId }));
    });
  });
});

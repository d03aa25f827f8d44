import { randomBytes } from 'node:crypto';
import { createClient, TypedDocumentString, type Transport } from '@ccluster/client';
import { countJobs, listJobs, type JobListFilter } from '@ccluster/db';
import { createTestDatabase, readTestEnvironment, testRedisPrefix } from '@ccluster/testkit';
import pg from 'pg';
import { createKey } from '../support/create-key.js';
import { startService } from '../support/service-process.js';
import { explain } from './explain.js';
import { measure, printTable, type Measured } from './measure.js';
import { daysAgo, pageKinds, type PageKind } from './page-kinds.js';
import { seedJobs, seedWideJob } from './seed-jobs.js';

const ORGANIZATIONS = { large: 600_000, middle: 300_000, small: 100_000 };
const TASKS = 100_000;
const ROUNDS = 40;
const TASK = 'node { index status reason { code } attempts { id attempt status } }';
const POD = 'node { id index attempt status createdAt reason { code } }';

type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** Seeds a million jobs, measures every kind of page through a running api, and shows the plans of the slowest. */
async function measureLists(): Promise<void> {
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const api = await startService('api', 'load', env);
  try {
    const { transport } = createClient({
      url: `${api.address}/graphql`,
      apiKey: await createKey(env, 'large', 'VIEWER'),
    });
    const ask: Ask = (query, variables = {}) => request(transport, query, variables);
    const organizationId = await seed(client, env);
    const lists = await measureJobLists(ask);
    printTable(`Pages of 50 jobs, of ${ORGANIZATIONS.large} jobs of 1,000,000`, lists);
    printTable('totalCount', await measureCounts(ask));
    printTable(`Pages of 100 of a job with ${TASKS} tasks`, await measureWideJob(ask));
    await explainSlowest(client, organizationId, lists);
  } finally {
    await api.stop();
    await client.end();
    await database.drop();
  }
}

async function request(transport: Transport, query: string, variables: Record<string, unknown>) {
  return transport.request(new TypedDocumentString<Record<string, unknown>, typeof variables>(query), variables);
}

/** Gives the id of the large organization. */
async function seed(client: pg.Client, env: Record<string, string>): Promise<string> {
  for (const name of ['middle', 'small']) await createKey(env, name, 'VIEWER');
  const { rows } = await client.query<{ id: string; name: keyof typeof ORGANIZATIONS }>(
    'select id, name from organizations',
  );
  for (const { id, name } of rows) await seedJobs(client, id, ORGANIZATIONS[name]);
  const large = rows.find(({ name }) => name === 'large')?.id ?? '';
  await seedWideJob(client, large, TASKS);
  await client.query('vacuum analyze jobs');
  await client.query('vacuum analyze pods');
  return large;
}

async function measureJobLists(ask: Ask): Promise<Measured[]> {
  const query = `query ($filter: JobFilter, $orderBy: JobOrder!, $after: String) {
    jobs(filter: $filter, orderBy: $orderBy, after: $after, first: 50) {
      edges { cursor node { id name status createdAt counts { succeeded failed } reason { code message } } } } }`;
  const measured: Measured[] = [];
  for (const kind of pageKinds) {
    const orderBy = kind.order === 'newest first' ? 'CREATED_AT_DESC' : 'CREATED_AT_ASC';
    const after = kind.afterDays === undefined ? null : await cursorAt(ask, kind.afterDays);
    measured.push(await measure(kind.name, ROUNDS, () => ask(query, { filter: kind.filter, orderBy, after })));
  }
  return measured;
}

async function cursorAt(ask: Ask, days: number): Promise<string> {
  const data = await ask('query ($filter: JobFilter) { jobs(filter: $filter, first: 1) { edges { cursor } } }', {
    filter: { createdBefore: daysAgo(days) },
  });
  return (data as { jobs: { edges: { cursor: string }[] } }).jobs.edges[0]?.cursor ?? '';
}

async function measureCounts(ask: Ask): Promise<Measured[]> {
  const query = 'query ($filter: JobFilter) { jobs(filter: $filter, first: 0) { totalCount } }';
  const filters: Record<string, JobListFilter> = {
    all: {},
    'status FAILED': { statuses: ['FAILED'] },
    'name contains train': { nameContains: 'train' },
    'last day': { createdAfter: daysAgo(1) },
  };
  const measured: Measured[] = [];
  for (const [name, filter] of Object.entries(filters)) {
    measured.push(await measure(name, ROUNDS, () => ask(query, { filter })));
  }
  return measured;
}

async function measureWideJob(ask: Ask): Promise<Measured[]> {
  const page = async (name: string, list: string, fields: string) =>
    measure(name, ROUNDS, () =>
      ask(`{ jobByName(name: "wide") { ${list} { totalCount edges { ${fields} } pageInfo { endCursor } } } }`),
    );
  const after = await middleCursors(ask);
  return [
    await page('tasks, first', 'tasks(first: 100)', TASK),
    await page('tasks, from the middle', `tasks(first: 100, after: "${after.tasks}")`, TASK),
    await page('tasks, CANCELLED', 'tasks(first: 100, status: CANCELLED)', TASK),
    await page('pods, first', 'pods(first: 100)', POD),
    await page('pods, from the middle', `pods(first: 100, after: "${after.pods}")`, POD),
    await page('pods of one task', 'pods(first: 100, index: 50000)', POD),
  ];
}

/** Cursors of the middle task, and of its newest pod. */
async function middleCursors(ask: Ask): Promise<{ readonly tasks: string; readonly pods: string }> {
  const data = await ask(`{ jobByName(name: "wide") { id pods(index: ${TASKS / 2}) { edges { cursor } } } }`);
  const { id, pods } = (data as { jobByName: { id: string; pods: { edges: { cursor: string }[] } } }).jobByName;
  const tasks = Buffer.from(JSON.stringify(['tasks', id, { index: TASKS / 2 }])).toString('base64url');
  return { tasks, pods: pods.edges.at(-1)?.cursor ?? '' };
}

async function explainSlowest(client: pg.Client, organizationId: string, lists: readonly Measured[]): Promise<void> {
  const [slowest] = lists.toSorted((a, b) => b.p99Ms - a.p99Ms);
  const kind = pageKinds.find(({ name }) => name === slowest?.name) ?? pageKinds[0];
  if (kind === undefined) return;
  console.log(`\nPlan of the slowest page: ${kind.name}`);
  console.log(await explain(client, (db) => readPage(db, organizationId, kind)));
  console.log('\nPlan of the count of all jobs');
  console.log(await explain(client, (db) => countJobs(db, organizationId, {})));
}

async function readPage(db: Parameters<typeof listJobs>[0], organizationId: string, kind: PageKind) {
  const after = kind.afterDays === undefined ? undefined : { createdAt: daysAgo(kind.afterDays), id: 'job_' };
  return listJobs(db, organizationId, kind.filter, { order: kind.order, after, limit: 51 });
}

await measureLists();

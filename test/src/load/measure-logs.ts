import { CreateInstanceTypeDocument, type CreateInstanceTypeInput, type LogLine } from '@ccluster/client';
import { sleep } from '@ccluster/runtime';
import pg from 'pg';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';
import { LineAccount, lineScript } from './line-account.js';

const CLUSTER = 'local-east';
/** Of the node, all writers together. */
const WRITERS_CPU_MILLICORES = 1_500;
/** For a pod to start, when all start at once. */
const START_SECONDS_PER_POD = 1.2;
const POLL_MS = 250;

/**
 * How fast one watcher stores the logs of real pods that all write at once, how long after a container's end its last
 * line is stored, and whether every line is there once and in order. Usage: measure-logs.js <pods> <lines of each>
 */
async function measureLogs(pods: number, lines: number): Promise<void> {
  const platform = await startPlatform('load-logs');
  const client = new pg.Client({ connectionString: platform.env.DATABASE_URL });
  await client.connect();
  try {
    const jobId = await startWriters(platform, pods, lines);
    await watchStoring(client, pods * lines);
    const job = await platform.client.waitForEnd(jobId);
    console.log(`${pods} pods × ${lines} lines: the job ${job.status}`);
    await printLags(client);
    await printAccount(platform, jobId, pods, lines);
  } finally {
    await client.end();
    await platform.stop();
  }
}

/** One job whose pods wait for each other, by the clock, and then write as fast as they can. */
async function startWriters(
  { client, clusterIds, environment }: Platform,
  pods: number,
  lines: number,
): Promise<string> {
  const clusterId = clusterIds.get(CLUSTER) ?? '';
  const cpuMillicores = Math.max(5, Math.floor(WRITERS_CPU_MILLICORES / pods));
  const small = { name: 'log-writer', gpuCount: 0, cpuMillicores, memoryMiB: 24, pricePerHourCents: 1 };
  const input = { ...small, clusterId } as CreateInstanceTypeInput;
  const { createInstanceType } = await client.transport.request(CreateInstanceTypeDocument, { input });
  const writeAt = Math.ceil(Date.now() / 1000 + 20 + pods * START_SECONDS_PER_POD);
  const script = `while [ $(date +%s) -lt ${writeAt} ]; do sleep 0.5; done; ${lineScript(lines)}`;
  const placement = { clusterId, instanceTypeId: createInstanceType.id };
  const counts = { completions: pods, parallelism: pods, backoffLimit: 0 };
  return (await client.createJob(shellJob(environment, script, { ...counts, placement }))).id;
}

/** Prints how many lines were stored by when, and the rate from the first to the last. */
async function watchStoring(client: pg.Client, total: number): Promise<void> {
  const counted: { readonly atMs: number; readonly lines: number }[] = [];
  for (let lines = 0; lines < total && !(await isOver(client)); await sleep(POLL_MS)) {
    const { rows } = await client.query<{ lines: number }>(
      'SELECT coalesce(sum(lines), 0)::int AS lines FROM log_streams',
    );
    lines = rows[0]?.lines ?? 0;
    if (lines > 0 && lines !== counted.at(-1)?.lines) counted.push({ atMs: performance.now(), lines });
  }
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined || first === last) return;
  const seconds = (last.atMs - first.atMs) / 1000;
  const peak = Math.max(...counted.slice(4).map((each, i) => rate(counted[i], each)));
  console.log(
    `stored ${last.lines} of ${total} lines in ${seconds.toFixed(1)} s: ${Math.round(rate(first, last))} lines/s, at best ${Math.round(peak)} over 1 s`,
  );
}

type Counted = { readonly atMs: number; readonly lines: number };

function rate(from: Counted | undefined, to: Counted): number {
  return from === undefined ? 0 : ((to.lines - from.lines) / (to.atMs - from.atMs)) * 1000;
}

async function isOver(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('SELECT FROM jobs WHERE finished_at IS NOT NULL');
  return rows.length > 0;
}

/** Kubernetes tells the end of a container to the second. */
async function printLags(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Record<string, number>>(`
    WITH lags AS (
      SELECT extract(epoch FROM log_streams.stored_at - pods.finished_at)::float AS stored,
        extract(epoch FROM jobs.finished_at - max(pods.finished_at) OVER ())::float AS finished
      FROM pods JOIN log_streams ON log_streams.pod_id = pods.id JOIN jobs ON jobs.id = pods.job_id)
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY stored) AS p50, max(stored) AS max, max(finished) AS finished FROM lags`);
  const { p50 = 0, max = 0, finished = 0 } = rows[0] ?? {};
  const lag = `p50 ${p50.toFixed(1)} s, at most ${max.toFixed(1)} s`;
  console.log(
    `last line stored after the end of its container: ${lag} (± 1 s); the job FINISHED ${finished.toFixed(1)} s after the last`,
  );
}

async function printAccount({ client }: Platform, jobId: string, pods: number, lines: number): Promise<void> {
  const accounts = Array.from({ length: pods }, () => new LineAccount(lines));
  for await (const batch of client.followLogs(jobId)) {
    for (const line of batch.lines) accounts[line.index]?.add(line satisfies LogLine);
  }
  const sum = (of: (account: LineAccount) => number) => accounts.reduce((total, account) => total + of(account), 0);
  console.log(
    `of ${pods * lines} lines: ${sum((account) => account.lost)} lost, ${sum((account) => account.doubled)} doubled, ${sum((account) => account.damaged)} damaged, ${sum((account) => account.gaps)} gaps`,
  );
}

const [pods = 20, lines = 5_000] = process.argv.slice(2).map(Number);
await measureLogs(pods, lines);

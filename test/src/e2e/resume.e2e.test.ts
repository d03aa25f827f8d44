import { JobEventsDocument, JobLogsDocument, createClient, type JobEvent, type LogLine } from '@ccluster/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

const LINES = 40;

describe.concurrent('subscriptions whose socket drops', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('resume');
  });
  afterAll(() => platform.stop());

  /** A socket that is closed after so many items, again and again: what a flaky network does to a follower. */
  async function* flaky<T>(
    open: (after: string | undefined) => AsyncIterable<T>,
    cursorOf: (item: T) => string,
    each: number,
  ) {
    for (let after: string | undefined; ;) {
      let items = 0;
      for await (const item of open(after)) {
        yield item;
        after = cursorOf(item);
        items += 1;
        if (items === each) break;
      }
      if (items < each) return;
    }
  }

  it('delivers every log line once and in order when resumed after each batch', async () => {
    const { client, environment, graphqlUrl, apiKey } = platform;
    const script = `i=1; while [ $i -le ${LINES} ]; do echo "line $i"; i=$((i+1)); sleep 0.1; done`;
    const { id } = await client.createJob(shellJob(environment, script));
    const lines: LogLine[] = [];
    const open = async function* (after: string | undefined) {
      const { transport, close } = createClient({ url: graphqlUrl, apiKey });
      try {
        for await (const { jobLogs } of transport.subscribe(JobLogsDocument, { jobId: id, after })) yield jobLogs;
      } finally {
        await close();
      }
    };
    for await (const batch of flaky(open, ({ cursor }) => cursor, 1)) lines.push(...batch.lines);
    expect(lines.map(({ text }) => text)).toEqual(Array.from({ length: LINES }, (_, i) => `line ${i + 1}`));
    expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: LINES }, (_, i) => i + 1));
  });

  it('delivers every event once and in order when resumed after each', async () => {
    const { client, environment, graphqlUrl, apiKey } = platform;
    const created = await client.createJob(shellJob(environment, 'sleep 1', { completions: 3, parallelism: 3 }));
    const open = async function* (after: string | undefined) {
      const { transport, close } = createClient({ url: graphqlUrl, apiKey });
      const from = after ?? created.eventCursor;
      try {
        for await (const { jobEvents } of transport.subscribe(JobEventsDocument, { jobId: created.id, after: from }))
          yield jobEvents;
      } finally {
        await close();
      }
    };
    const resumed: JobEvent[] = [];
    for await (const event of flaky(open, ({ cursor }) => cursor, 2)) resumed.push(event);
    const whole: JobEvent[] = [];
    for await (const event of client.followEvents(created.id, created.eventCursor)) whole.push(event);
    expect(resumed.map(({ cursor, type }) => ({ cursor, type }))).toEqual(
      whole.map(({ cursor, type }) => ({ cursor, type })),
    );
    expect(whole.at(-1)?.type).toBe('FINISHED');
  });
});

import { z } from 'zod';

import type { GraphqlClient } from './graphql-client.js';

const JOB_EVENTS = `subscription ($id: ID!) { jobEvents(jobId: $id) { at type status message } }`;
const JOB_LOGS = `subscription ($id: ID!) { jobLogs(jobId: $id) { lines { index attempt text } } }`;

const eventSchema = z.object({
  jobEvents: z.object({ at: z.string(), type: z.string(), status: z.string(), message: z.string() }),
});
const logsSchema = z.object({
  jobLogs: z.object({ lines: z.array(z.object({ index: z.number(), attempt: z.number(), text: z.string() })) }),
});

/** Prints every event and log line of a job as they happen, until both subscriptions complete. */
export async function printJobLive(client: GraphqlClient, id: string, print: (line: string) => void): Promise<void> {
  await Promise.all([printEvents(client, id, print), printLogs(client, id, print)]);
}

async function printEvents(client: GraphqlClient, id: string, print: (line: string) => void): Promise<void> {
  for await (const { jobEvents: event } of client.subscribe(JOB_EVENTS, { id }, eventSchema)) {
    print(`${event.at.slice(11, 19)}  ${event.status.padEnd(10)}  ${event.message}`);
  }
}

async function printLogs(client: GraphqlClient, id: string, print: (line: string) => void): Promise<void> {
  for await (const { jobLogs } of client.subscribe(JOB_LOGS, { id }, logsSchema)) {
    jobLogs.lines.forEach(({ index, attempt, text }) =>
      print(`          [task ${index}, attempt ${attempt}]  ${text}`),
    );
  }
}

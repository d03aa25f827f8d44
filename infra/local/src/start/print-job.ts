import type { CclusterClient } from '@ccluster/client';

/** Prints every event and log line of a job as the subscriptions tell them, until its end. */
export async function printJobLive(client: CclusterClient, id: string, print: (line: string) => void): Promise<void> {
  await Promise.all([printEvents(client, id, print), printLogs(client, id, print)]);
}

async function printEvents(client: CclusterClient, id: string, print: (line: string) => void): Promise<void> {
  for await (const { at, status, message } of client.followEvents(id)) {
    print(`${at.slice(11, 19)}  ${status.padEnd(10)}  ${message}`);
  }
}

async function printLogs(client: CclusterClient, id: string, print: (line: string) => void): Promise<void> {
  for await (const { lines } of client.followLogs(id)) {
    lines.forEach(({ at, index, attempt, text }) =>
      print(`${at.slice(11, 19)}  task ${index}, attempt ${attempt}  │ ${text}`),
    );
  }
}

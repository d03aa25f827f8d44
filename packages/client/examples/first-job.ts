// Runs one job and prints its log: `node packages/client/examples/first-job.ts` while `npm start` is up.
import { readFileSync } from 'node:fs';

import { createClient } from '@ccluster/client';

const connection = JSON.parse(readFileSync('.local/connection.json', 'utf8'));
const client = createClient({ url: connection.graphqlUrl, apiKey: connection.apiKey });

const job = await client.createJob({
  name: `first-${Date.now().toString(36)}`,
  imageUrl: connection.image.url,
  imageTag: connection.image.tag,
  completions: 3,
  parallelism: 3,
  commandArgv: ['/bin/sh', '-c', 'echo "slice $JOB_COMPLETION_INDEX of $JOB_COMPLETIONS"'],
});
console.log(`${job.name} is ${job.status}`);

for await (const { lines } of client.followLogs(job.id)) {
  for (const { index, number, text } of lines) console.log(`[task ${index}] ${number}: ${text}`);
}
const ended = await client.waitForEnd(job.id);
console.log(`${ended.name} is ${ended.status}: ${ended.counts.succeeded} of ${ended.completions} tasks succeeded`);
await client.close();

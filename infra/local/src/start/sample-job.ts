import { z } from 'zod';

import type { ImageName } from '../clusters/cluster.js';
import type { GraphqlClient } from './graphql-client.js';

const CREATE_JOB = `mutation ($input: CreateJobInput!) { createJob(input: $input) { id name } }`;

const createdSchema = z.object({ createJob: z.object({ id: z.string(), name: z.string() }) });

/**
 * A pod cannot know which attempt it is, so index 1 fails while the clock is before FAIL_BEFORE. Its first attempt
 * begins well before that, and Kubernetes waits at least 10 s with the second, which begins after it.
 */
const FAIL_FOR_SECONDS = 15;
const SCRIPT = `
echo "task $JOB_COMPLETION_INDEX of $JOB_COMPLETIONS begins on $(hostname)"
if [ "$JOB_COMPLETION_INDEX" = 1 ] && [ "$(date +%s)" -lt "$FAIL_BEFORE" ]; then
  echo "failing on purpose: the next attempt will succeed"
  sleep 5
  exit 3
fi
for step in 1 2 3; do
  echo "step $step"
  sleep 1
done
echo "done"
`;

/** Four tasks, two at a time; one fails on its first attempt and succeeds on its second. Gives its id and name. */
export async function submitSampleJob(
  client: GraphqlClient,
  image: ImageName,
  now: Date,
): Promise<{ id: string; name: string }> {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const input = {
    name: `sample-${nowSeconds.toString(36)}`,
    imageUrl: image.url,
    imageTag: image.tag,
    completions: 4,
    parallelism: 2,
    backoffLimit: 3,
    commandArgv: ['/bin/sh', '-c', SCRIPT],
    env: [{ name: 'FAIL_BEFORE', value: String(nowSeconds + FAIL_FOR_SECONDS), secret: false }],
  };
  return (await client.request(CREATE_JOB, { input }, createdSchema)).createJob;
}

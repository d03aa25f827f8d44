import type { CclusterClient, CreateJobInput, Job } from '@ccluster/client';

import type { ImageName } from '../clusters/cluster.js';

/**
 * A pod cannot know which attempt it is, so task 1 fails while the clock is before FAIL_BEFORE. Its first attempt
 * begins well before that; it takes 5 s, and Kubernetes waits some 10 s more before the second, which is then after it.
 */
const FAIL_FOR_SECONDS = 10;
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

/** Submits four tasks, two at a time; one fails on its first attempt and succeeds on its second. */
export function submitSampleJob(client: CclusterClient, image: ImageName, now: Date): Promise<Job> {
  return client.createJob(sampleJob(image, Math.floor(now.getTime() / 1000)));
}

function sampleJob(image: ImageName, nowSeconds: number): CreateJobInput {
  return {
    name: `sample-${nowSeconds.toString(36)}`,
    imageUrl: image.url,
    imageTag: image.tag,
    completions: 4,
    parallelism: 2,
    commandArgv: ['/bin/sh', '-c', SCRIPT],
    env: [{ name: 'FAIL_BEFORE', value: String(nowSeconds + FAIL_FOR_SECONDS), secret: false }],
  };
}

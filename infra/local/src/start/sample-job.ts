import type { CclusterClient, CreateJobInput, Job } from '@ccluster/client';

import type { ImageName } from '../clusters/cluster.js';

/**
 * A pod cannot know which attempt it is, so task 1 fails while the clock is before FAIL_BEFORE: at its first attempt,
 * if that begins in time, and it ends no sooner than 2 s before. Kubernetes waits some 5 to 10 s before the second,
 * which is then after it.
 */
const FAIL_FOR_SECONDS = 12;
const SCRIPT = `
echo "task $JOB_COMPLETION_INDEX of $JOB_COMPLETIONS begins on $(hostname)"
left=$((FAIL_BEFORE - $(date +%s)))
if [ "$JOB_COMPLETION_INDEX" = 1 ] && [ "$left" -gt 0 ]; then
  echo "failing on purpose: the next attempt will succeed"
  [ "$left" -le 2 ] || sleep $((left - 2))
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

import { randomBytes } from 'node:crypto';

import type { CreateJobInput } from '@ccluster/client';
import type { TestEnvironment } from '@ccluster/testkit';

/** An input that runs a shell script in the open test image, under a name of its own. */
export function shellJob(
  { image }: TestEnvironment,
  script: string,
  overrides: Partial<CreateJobInput> = {},
): CreateJobInput {
  return {
    name: `t-${randomBytes(6).toString('hex')}`,
    imageUrl: image.url,
    imageTag: image.tag,
    commandArgv: ['/bin/sh', '-c', script],
    ...overrides,
  };
}

/** The image behind a password; throws where the environment has none. */
export function privateImageOf({ privateImage }: TestEnvironment): NonNullable<TestEnvironment['privateImage']> {
  if (privateImage === null)
    throw new Error('The environment has no private image: its clusters reach no registry of ours');
  return privateImage;
}

/**
 * A script whose attempt fails until `seconds` from now and then succeeds: Kubernetes starts a second attempt no
 * sooner than 10 s after the first has failed.
 */
export function failingAtFirst(seconds: number): string {
  const untilSeconds = Math.floor(Date.now() / 1000) + seconds;
  return `echo "attempt on $(hostname)"; [ "$(date +%s)" -ge ${untilSeconds} ] || { sleep 4; exit 3; }; echo succeeded`;
}

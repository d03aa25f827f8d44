import { sealContexts, type Sealer } from '@ccluster/db';
import { SecretText, type JobSecrets } from '@ccluster/domain';

/** As the dispatcher opens them: for one job only. */
export function sealJobSecrets(sealer: Sealer, jobId: string, secrets: JobSecrets): Buffer {
  return sealer.seal(new SecretText(JSON.stringify(revealed(secrets))), sealContexts.jobSecrets(jobId));
}

/** For sealing and hashing only. */
export function revealed({ imagePull, env }: JobSecrets) {
  return {
    imagePull: imagePull && { username: imagePull.username, password: imagePull.password.reveal() },
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.reveal()])),
  };
}

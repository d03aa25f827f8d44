import { findSealedJobSecrets, sealContexts, type Queryable, type Sealer } from '@ccluster/db';
import { SecretText, type JobSecrets } from '@ccluster/domain';
import { z } from 'zod';

const secretText = z.string().transform((text) => new SecretText(text));

const storedSecrets = z.object({
  imagePull: z.object({ username: z.string(), password: secretText }).nullable(),
  env: z.record(z.string(), secretText),
});

const none: JobSecrets = { imagePull: null, env: {} };

/** The write-only half of a job's input; throws `CannotOpen`. */
export async function readJobSecrets(db: Queryable, sealer: Sealer, jobId: string): Promise<JobSecrets> {
  const sealed = await findSealedJobSecrets(db, jobId);
  return sealed === undefined ? none : openJobSecrets(sealed, sealer, jobId);
}

export function openJobSecrets(sealed: Buffer, sealer: Sealer, jobId: string): JobSecrets {
  return storedSecrets.parse(JSON.parse(sealer.open(sealed, sealContexts.jobSecrets(jobId)).reveal()));
}

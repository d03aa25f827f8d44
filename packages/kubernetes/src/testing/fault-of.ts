import { KubernetesFault } from '../connection/fault.js';

/** The fault that a call ends with; throws when it ends otherwise. */
export async function faultOf(call: Promise<unknown>): Promise<KubernetesFault> {
  const error: unknown = await call.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof KubernetesFault) return error;
  throw error;
}

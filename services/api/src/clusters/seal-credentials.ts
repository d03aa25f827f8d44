import { CannotOpen, sealContexts, type Sealer, type StoredCredentials } from '@ccluster/db';
import { InputRefused, SecretText } from '@ccluster/domain';
import type { ClusterCredentials } from '@ccluster/kubernetes';

/** The dispatcher's, and the watcher's. */
type Use = 'credentials' | 'readerCredentials';

/** As they are stored: they can be opened for this use, of this cluster, only. */
export function sealCredentials(sealer: Sealer, clusterId: string, use: Use, credentials: ClusterCredentials): Buffer {
  return sealer.seal(new SecretText(JSON.stringify(credentials)), sealContexts[use](clusterId));
}

/** Whether the watcher uses the same ones as the dispatcher. Throws `InputRefused` where that cannot be read. */
export function isShared(sealer: Sealer, clusterId: string, stored: StoredCredentials): boolean {
  const open = (sealed: Buffer, use: Use) => sealer.open(sealed, sealContexts[use](clusterId)).reveal();
  try {
    return open(stored.credentials, 'credentials') === open(stored.readerCredentials, 'readerCredentials');
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    const message = 'readerCredentials must be given too: the stored ones cannot be read with the encryption keys here';
    throw new InputRefused([{ path: ['readerCredentials'], code: 'INVALID', message }]);
  }
}

import { DomainError } from '@ccluster/domain';
import {
  KubeconfigRefused,
  parseClusterCredentials,
  parseKubeconfig,
  type ClusterCredentials,
} from '@ccluster/kubernetes';
import type { ClusterCredentialsInput } from './register-cluster.input.js';

/** Throws KUBECONFIG_REFUSED with the place and the rule, never with a value. */
export function parseCredentials(
  field: 'credentials' | 'readerCredentials',
  unsafeInput: ClusterCredentialsInput,
): ClusterCredentials {
  const { kubeconfig, ...parts } = unsafeInput;
  try {
    if (kubeconfig == null) return parseClusterCredentials({ ...parts });
    if (Object.values(parts).some((part) => part != null)) {
      throw new KubeconfigRefused('kubeconfig', 'must not be given together with its parts');
    }
    return parseKubeconfig(kubeconfig);
  } catch (error) {
    if (error instanceof KubeconfigRefused) throw new DomainError('KUBECONFIG_REFUSED', `${field}: ${error.message}`);
    throw error;
  }
}

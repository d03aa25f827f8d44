import { buildGo } from '../support/build-go.js';
import type { LocalContext } from '../support/context.js';

/** Without these the node would report the version v0.0.0-master. */
const VERSION = ['gitVersion=v1.35.4', 'gitMajor=1', 'gitMinor=35'];

/** The program that is etcd, the control plane, the kubelet and kubectl, built from `infra/kubernetes`. Gives its path. */
export function buildKubernetes(context: LocalContext): Promise<string> {
  return buildGo(context, {
    name: 'kubernetes',
    title: 'Kubernetes',
    sources: ['go.mod', 'go.sum', 'main.go'],
    package: '.',
    variables: VERSION.map((field) => `k8s.io/component-base/version.${field}`),
    notice: 'Kubernetes is built from source once: about 5 minutes on 2 cores, seconds if Go has it cached',
  });
}

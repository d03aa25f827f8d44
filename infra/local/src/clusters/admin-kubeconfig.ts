import { KubeConfig, type RequestContext } from '@kubernetes/client-node';

const REQUEST_TIMEOUT_MS = 30_000;

/** Loads a kubeconfig whose every request ends after 30 s, and when the signal is aborted. */
export function loadAdminKubeconfig(path: string, signal: AbortSignal): KubeConfig {
  const kubeconfig = new BoundedKubeConfig(signal);
  kubeconfig.loadFromFile(path);
  return kubeconfig;
}

class BoundedKubeConfig extends KubeConfig {
  constructor(private readonly signal: AbortSignal) {
    super();
  }

  /** The one place where client-node lets every request be changed. */
  override async applySecurityAuthentication(request: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(request);
    request.setSignal(AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
  }
}

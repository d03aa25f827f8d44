/**
 * Credentials that were offered and not taken: `path` is the field ("clusters[0].cluster.server"), `rule` the rule it
 * breaks. Never carries the value: it may be a key, or what an attacker wants echoed.
 */
export class KubeconfigRefused extends Error {
  override readonly name = 'KubeconfigRefused';

  constructor(
    readonly path: string,
    readonly rule: string,
  ) {
    super(`${path}: ${rule}`);
  }
}

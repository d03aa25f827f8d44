/** Fields of `ClusterCredentialsInput`. */
export type Credentials = Readonly<Record<string, string>>;

/** One set of credentials that the product must refuse, and how. */
export interface HostileCase {
  /** Unique. */
  readonly name: string;
  readonly credentials: Credentials;
  /** One of these error codes is the right answer. */
  readonly codes: readonly string[];
  /** Files that the credentials name: none of them may be opened. */
  readonly paths?: readonly string[];
  /** It makes the api wait for its own time limits. */
  readonly isSlow?: boolean;
}

/** What the cases point at, none of it the product's. */
export interface Baits {
  /** Holds a token, a certificate, a key, a program and a pipe that blocks whoever opens it. */
  readonly directory: string;
  /** A listener on 127.0.0.1, an address that is not allowed: whoever connects to it is caught. */
  readonly internalPort: number;
  readonly server: {
    /** `https://…` without a path, at an address that is allowed. */
    readonly url: string;
    readonly certificate: string;
    readonly port: number;
    /** Takes connections and says what the attitude wants, without TLS. */
    readonly rawPorts: Readonly<Record<string, number>>;
  };
  /** Names that a name server of ours knows; false where the api does not ask it. */
  readonly hasNames: boolean;
}

export const REFUSED: readonly string[] = ['KUBECONFIG_REFUSED'];
export const UNREACHABLE: readonly string[] = ['CLUSTER_UNREACHABLE'];

interface KubeconfigParts {
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly root?: Readonly<Record<string, unknown>>;
}

/** A kubeconfig for the server of ours, right but for the given parts; JSON is YAML too. */
export function kubeconfig({ server }: Baits, { cluster, user, context, root }: KubeconfigParts = {}): string {
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'main',
      contexts: [{ name: 'main', context: { cluster: 'east', user: 'me', ...context } }],
      clusters: [
        {
          name: 'east',
          cluster: {
            server: `${server.url}/kind`,
            'certificate-authority-data': Buffer.from(server.certificate).toString('base64'),
            ...cluster,
          },
        },
      ],
      users: [{ name: 'me', user: { token: 'bait-token', ...user } }],
      ...root,
    },
    null,
    2,
  );
}

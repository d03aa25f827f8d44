import type { ClusterConnection } from '@ccluster/kubernetes';

/** What the credentials of a watcher let it see beyond its namespace. */
export interface WatchScopes {
  /** Pods of all namespaces: without them the room on nodes is not known. */
  readonly allPods: boolean;
  readonly nodes: boolean;
}

/** Asks the API server itself. Throws `KubernetesFault`. */
export async function findWatchScopes(connection: ClusterConnection, signal: AbortSignal): Promise<WatchScopes> {
  const [allPods, nodes] = await Promise.all([
    mayWatch(connection, 'pods', signal),
    mayWatch(connection, 'nodes', signal),
  ]);
  return { allPods, nodes };
}

async function mayWatch(connection: ClusterConnection, resource: string, signal: AbortSignal): Promise<boolean> {
  const answers = await Promise.all(
    ['list', 'watch'].map((verb) =>
      connection.authorization.createSelfSubjectAccessReview(
        { body: { spec: { resourceAttributes: { verb, resource } } } },
        connection.callOptions({ signal }),
      ),
    ),
  );
  return answers.every((answer) => answer.status?.allowed === true);
}

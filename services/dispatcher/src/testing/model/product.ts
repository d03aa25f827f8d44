import type { ClusterAccess, Database, Queryable } from '@ccluster/db';
import { withoutCrash, type Logger } from '@ccluster/runtime';
import { createClusterConnections } from '../../cluster/cluster-connections.js';
import { createClusterGate } from '../../cluster/cluster-gate.js';
import { createPlacementTurns } from '../../placement-turns.js';
import { createKubernetesClusterWriter } from '../../cluster/kubernetes-cluster-writer.js';
import type { DispatchContext } from '../../dispatch-context.js';
import { reconcileCluster } from '../../reconcile/reconcile-cluster.js';
import { workOnJob } from '../../work-on-job.js';
import { JOB_ID } from '../build-order.js';
import { isOurs, type ClusterName } from './ask.js';
import { INSTALLATION, modelConnection, NAMESPACE } from './model-connection.js';
import type { Codes } from './programs.js';

const HOUR_MS = 3_600_000;

/** Nothing but the replaced functions is ever handed it. */
const db = {} as Queryable;

/** The product's own code, each time with a memory of its own: every claim may be the first one of its process. */
export const codes: Codes = {
  dispatch: (signal) => workOnJob(openContext(), JOB_ID, signal),
  'reconcile a': (signal) => reconcile('a', signal),
  'reconcile b': (signal) => reconcile('b', signal),
};

function openContext(): DispatchContext {
  // Each look at the clock is an hour after the last: any rest of a cluster may be over, any retention too.
  let hours = 1_000_000;
  const nowMs = () => (hours += 1) * HOUR_MS;
  return {
    database: { db } as Database,
    connections: createClusterConnections(
      (id) => Promise.resolve(accessTo(id as ClusterName)),
      ({ id }) => ({ writer: writerTo(id as ClusterName), close: () => Promise.resolve() }),
    ),
    placementTurns: createPlacementTurns(),
    gate: createClusterGate({ places: 8, waitMs: 100, nowMs }),
    readSecrets: () => Promise.resolve({ imagePull: null, env: {} }),
    publish: () => undefined,
    hint: () => undefined,
    finishedRetentionMs: 0,
    nowMs,
    atRisk: withoutCrash,
    log,
  };
}

async function reconcile(name: ClusterName, signal: AbortSignal): Promise<void> {
  // As if all had been seen long ago: what the reconciler does must not be right by its patience alone.
  const firstSeen = { get: () => 0 } as unknown as ReadonlyMap<string, number>;
  const cluster = accessTo(name);
  const where = { cluster, namespaces: [NAMESPACE], predecessors: new Set<string>() };
  const reconciliation = { db, writer: writerTo(name), ...where, nowMs: HOUR_MS, log };
  await reconcileCluster(reconciliation, firstSeen, signal);
}

function writerTo(name: ClusterName) {
  return createKubernetesClusterWriter(modelConnection(name), { installation: INSTALLATION, clusterId: name }, name);
}

function accessTo(name: ClusterName): ClusterAccess {
  return { id: name, name, namespace: NAMESPACE, organizationId: null } as unknown as ClusterAccess;
}

/** What `workOnJob` logs it does not throw. */
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: ({ error }: { readonly error?: unknown }) => {
    if (!isOurs(error)) throw error;
  },
} as unknown as Logger;

import { vanish } from './api-server.js';
import type { ClusterName } from './ask.js';
import {
  clusterNames,
  mayHavePod,
  spend,
  withCluster,
  type Cluster,
  type Ghost,
  type KubernetesJobObject,
  type Move,
  type World,
} from './world.js';

/**
 * What Kubernetes may do by itself. Its job controller sees a change of a specification any time later, and until then
 * goes on by the old one: after a suspension and after a deletion pods may still be created (tried).
 */
export function controllerMoves(world: World): Move[] {
  return clusterNames.flatMap((name) => [...objectMoves(world, name), ...ghostMoves(world, name)]);
}

function objectMoves(world: World, name: ClusterName): Move[] {
  const cluster = world.clusters[name];
  const { object } = cluster;
  if (object === null) return [];
  const moves: Move[] = [];
  const become = (label: string, changed: Partial<KubernetesJobObject>, from = world) =>
    void moves.push({ label, world: withCluster(from, name, { ...cluster, object: { ...object, ...changed } }) });
  const version = object.version + 1;
  if (!object.controllerIsCurrent) {
    const controllerRuns = !object.suspended && !object.deleting && object.verdict === null;
    const seen = { controllerIsCurrent: true, controllerRuns };
    const label = `the controller of ${name} sees ${object.uid}`;
    if (controllerRuns || !object.controllerRuns) become(label, seen);
    else for (const isEnding of [false, true]) become(`${label}${endingWords(isEnding)}`, { ...seen, isEnding });
  }
  if (isBehindCondition(object)) {
    const written = { suspendedCondition: object.suspended, version };
    become(`the controller of ${name} writes Suspended=${object.suspended}`, written);
  }
  if (object.isEnding) become(`the pod of ${object.uid} is gone`, { isEnding: false });
  if (object.controllerRuns && object.controllerIsCurrent && world.left.verdicts > 0) {
    for (const isEnding of [false, true]) {
      const verdict = { verdict: 'INTERIM', controllerRuns: false, version, isEnding } as const;
      become(`${object.uid} reaches its verdict${endingWords(isEnding)}`, verdict, spend(world, 'verdicts'));
    }
  }
  if (object.verdict === 'INTERIM' && !object.isEnding && object.controllerIsCurrent)
    become(`the verdict of ${object.uid} is final`, { verdict: 'FINAL', version });
  if (object.deleting) moves.push({ label: `${object.uid} is gone`, world: vanish(world, name) });
  return moves;
}

function endingWords(isEnding: boolean): string {
  return isEnding ? '; its pod is ending' : '; it has no pod';
}

/** A status update is accepted only from a controller that has seen the newest version. */
function isBehindCondition(object: KubernetesJobObject): boolean {
  return (
    object.controllerIsCurrent &&
    !object.deleting &&
    object.verdict === null &&
    object.suspendedCondition !== object.suspended
  );
}

function ghostMoves(world: World, name: ClusterName): Move[] {
  const cluster = world.clusters[name];
  return cluster.ghosts.flatMap((ghost) => {
    const become = (label: string, changed: Partial<Ghost>): Move => ({
      label,
      world: withCluster(world, name, withGhost(cluster, { ...ghost, ...changed })),
    });
    const label = `the controller of ${name} sees that ${ghost.uid} is gone`;
    if (!ghost.controllerRuns) return [become(`the pod of ${ghost.uid} is gone`, { isEnding: false })];
    return [false, true].map((isEnding) =>
      become(`${label}${endingWords(isEnding)}`, { controllerRuns: false, isEnding }),
    );
  });
}

function withGhost(cluster: Cluster, changed: Ghost): Cluster {
  const others = cluster.ghosts.filter(({ uid }) => uid !== changed.uid);
  return { ...cluster, ghosts: mayHavePod(changed) ? [...others, changed] : others };
}

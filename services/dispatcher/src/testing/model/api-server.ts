import { KUBERNETES_KEYS } from '@ccluster/domain';
import { ok, refused, type Answer, type ClusterRequest, type PatchStep, type WriteRequest } from './ask.js';
import { mayHavePod, withCluster, withHistory, type Cluster, type KubernetesJobObject, type World } from './world.js';

const INTENT = `/metadata/annotations/${KUBERNETES_KEYS.intent.replace('/', '~1')}`;

/** What one API server makes of a call about the one name that the job has there. */
export function serve(world: World, request: ClusterRequest): { readonly world: World; readonly answer: Answer } {
  const { object } = world.clusters[request.cluster];
  switch (request.call) {
    case 'get':
      return { world, answer: object === null ? refused('NOT_FOUND') : ok(viewOf(object)) };
    case 'list':
      return { world, answer: ok(object === null ? [] : [viewOf(object)]) };
    case 'postSecret':
      return { world, answer: ok() };
    default:
      return write(world, request);
  }
}

/** As callers see a Kubernetes Job. */
export type ObjectView = Pick<KubernetesJobObject, 'uid' | 'epoch' | 'intent' | 'suspended' | 'deleting' | 'version'>;

function viewOf({ uid, epoch, intent, suspended, deleting, version }: KubernetesJobObject): ObjectView {
  return { uid, epoch, intent, suspended, deleting, version };
}

function write(world: World, request: WriteRequest): { readonly world: World; readonly answer: Answer } {
  const cluster = world.clusters[request.cluster];
  switch (request.call) {
    case 'post':
      return post(world, cluster, request);
    case 'patch':
      return patch(world, cluster, request);
    case 'delete':
      return remove(world, cluster, request);
  }
}

function post(world: World, cluster: Cluster, request: Extract<WriteRequest, { call: 'post' }>) {
  if (cluster.object !== null) return { world, answer: refused('ALREADY_EXISTS') };
  const { epoch, intent, suspended } = request;
  const posted = cluster.posted + 1;
  const object: KubernetesJobObject = {
    uid: `${request.cluster}${posted}`,
    epoch,
    intent,
    suspended,
    deleting: false,
    version: 1,
    // The controller says so soon after the POST; that it may be said already is the worse case.
    suspendedCondition: suspended,
    controllerIsCurrent: suspended,
    controllerRuns: false,
    verdict: null,
    isEnding: false,
  };
  const after = withCluster(world, request.cluster, { ...cluster, posted, object });
  return { world: noteReleased(after, object), answer: ok(viewOf(object)) };
}

function patch(world: World, cluster: Cluster, request: Extract<WriteRequest, { call: 'patch' }>) {
  if (cluster.object === null) return { world, answer: refused('NOT_FOUND') };
  const patched = applyPatch(cluster.object, request.patch);
  if (patched === undefined) return { world, answer: refused('INVALID') };
  const { intent } = patched;
  // Any growing number will do; this one makes no two histories differ that are otherwise the same.
  const version = Math.max(patched.version + 1, intent * 10);
  const object = { ...patched, version, controllerIsCurrent: false };
  const after = withCluster(world, request.cluster, { ...cluster, object });
  return { world: noteReleased(after, object), answer: ok(viewOf(object)) };
}

/** JSON Patch: all of it, or nothing where a test fails. */
function applyPatch(object: KubernetesJobObject, steps: readonly PatchStep[]): KubernetesJobObject | undefined {
  let { intent, suspended } = object;
  for (const { op, path, value } of steps) {
    if (op === 'test' && path === '/metadata/uid') {
      if (value !== object.uid) return undefined;
    } else if (op === 'test' && path === INTENT) {
      if (value !== String(intent)) return undefined;
    } else if (op === 'replace' && path === INTENT) intent = Number(value);
    else if (op === 'replace' && path === '/spec/suspend') suspended = value === true;
    else throw new Error(`The model knows no patch ${op} ${path}`);
  }
  return { ...object, intent, suspended };
}

function remove(world: World, cluster: Cluster, { uid, ...request }: Extract<WriteRequest, { call: 'delete' }>) {
  const { object } = cluster;
  if (object === null) return { world, answer: refused('NOT_FOUND') };
  if (uid !== null && uid !== object.uid) return { world, answer: refused('CONFLICT') };
  return { world: vanish(world, request.cluster), answer: ok() };
}

/** It is gone for callers at once; its pods and what the controller still believes are not. */
export function vanish(world: World, name: 'a' | 'b'): World {
  const cluster = world.clusters[name];
  const { object } = cluster;
  if (object === null) return world;
  const { uid, verdict, controllerRuns, isEnding } = object;
  const ghosts = mayHavePod(object) ? [{ uid, verdict, controllerRuns, isEnding }] : [];
  return withCluster(world, name, { ...cluster, object: null, ghosts: [...cluster.ghosts, ...ghosts] });
}

function noteReleased(world: World, { uid, suspended }: KubernetesJobObject): World {
  const { released } = world.history;
  return suspended || released.includes(uid) ? world : withHistory(world, { released: [...released, uid] });
}

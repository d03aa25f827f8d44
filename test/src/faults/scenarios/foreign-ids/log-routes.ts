import pMap from 'p-map';

import type { ScenarioRun } from '../../scenario.js';
import type { Violation } from '../../violation.js';
import type { Asker } from './ask.js';
import { findDifference } from './compare-answers.js';
import { leak, shownOf } from './leaks.js';
import { neverExisted } from './never-existed.js';
import { ROLES, type World } from './world.js';

const AT_ONCE = 4;

/** A path with a value of somebody else's in it. */
interface LogRoute {
  readonly name: string;
  readonly path: (value: string) => string;
  /** Stands in the path besides, and is replaced together with the value. */
  readonly alongside?: string;
}

/** Everything of somebody else's on every route for logs. */
export async function tryLogRoutes(
  { isShort }: ScenarioRun,
  askers: Readonly<Record<(typeof ROLES)[number], Asker>>,
  own: World,
  foreign: World,
  secrets: readonly string[],
): Promise<{ readonly tried: number; readonly violations: readonly Violation[] }> {
  const roles = isShort ? (['ADMIN'] as const) : ROLES;
  const trials = logRoutes(own, foreign).flatMap((route) =>
    roles.flatMap((role) => foreign.ids.map((value) => ({ route, role, value }))),
  );
  const violations = await pMap(trials, tryOne, { concurrency: AT_ONCE });
  return { tried: trials.length, violations: violations.flat() };

  async function tryOne({ route, role, value }: (typeof trials)[number]): Promise<Violation[]> {
    const { answer, difference } = await tryLogRoute(askers[role], route, value);
    const shown = shownOf(answer, secrets);
    return [...(difference === undefined ? [] : [difference]), ...shown].map((what) =>
      leak(`${route.name} as ${role}`, what),
    );
  }
}

/** The routes for logs as files, with the value in each place where an id stands. */
function logRoutes({ jobIds: [ownJob], ids }: World, { jobIds: [foreignJob] }: World): LogRoute[] {
  const ownPod = ids.find((id) => id.startsWith('pod_')) ?? '';
  return [
    { name: 'GET /jobs/<id>/log', path: (value) => `/jobs/${value}/log` },
    { name: 'GET /jobs/<id>/log?offset', path: (value) => `/jobs/${value}/log?offset=1&timestamps=1` },
    { name: 'GET /jobs/<id>/pods/<own>/log', path: (value) => `/jobs/${value}/pods/${ownPod}/log` },
    { name: 'GET /jobs/<own>/pods/<id>/log', path: (value) => `/jobs/${ownJob}/pods/${value}/log` },
    {
      name: 'GET /jobs/<foreign>/pods/<id>/log',
      path: (value) => `/jobs/${foreignJob}/pods/${value}/log`,
      alongside: foreignJob,
    },
  ];
}

async function tryLogRoute(asker: Asker, { path, alongside }: LogRoute, value: string) {
  const send = async (tried: string, besides: string) => {
    const sent = alongside === undefined ? path(tried) : path(tried).replace(alongside, besides);
    return { text: await asker.getFile(sent), value: tried, names: besides === '' ? [] : [besides] };
  };
  const nobody = () => send(neverExisted(value), alongside === undefined ? '' : neverExisted(alongside));
  const one = await nobody();
  const answer = await send(value, alongside ?? '');
  return { answer, difference: findDifference(answer, one, await nobody()) };
}

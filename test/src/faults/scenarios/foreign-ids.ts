import { readFileSync } from 'node:fs';

import { buildSchema } from 'graphql';
import pMap from 'p-map';

import { OPEN_LIMITS } from '../../support/open-limits.js';
import { startPlatform, type Platform } from '../../support/platform.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { openAsker } from './foreign-ids/ask.js';
import { harvestCursors } from './foreign-ids/harvest.js';
import { tryLogRoutes } from './foreign-ids/log-routes.js';
import { overhear } from './foreign-ids/overhear.js';
import { choosePairs, tryPair } from './foreign-ids/pairs.js';
import { findPositions, type OperationKind } from './foreign-ids/positions.js';
import { countTelling } from './foreign-ids/telling-positions.js';
import { settle } from './foreign-ids/trial.js';
import { createTwins } from './foreign-ids/twins.js';
import { createWorld, fillingOf, type World } from './foreign-ids/world.js';

const SCHEMA = new URL('../../../../schema.graphql', import.meta.url);
/**
 * A subscription that goes on is listened to for a while: many at once cost nothing. What a mutation stores, others may
 * show: one after another, a value and its twins are each time stored alike.
 */
const AT_ONCE: Readonly<Record<OperationKind, number>> = { query: 4, subscription: 24, mutation: 1 };
const KINDS: readonly OperationKind[] = ['query', 'subscription', 'mutation'];

export const foreignIds: Scenario = {
  name: 'foreign-ids',
  promise: "Another organization's id, cursor or name is answered like one that never existed",
  target: '≥ 2,000 pairs of a place in the schema and a value of somebody else, 0 leaks',
  run: async (run) => {
    const platform = await startPlatform('foreign-ids', OPEN_LIMITS);
    try {
      const [own, foreign] = await Promise.all([createWorld(platform, 'own'), createWorld(platform, 'foreign')]);
      try {
        run.say(`two organizations with ${own.ids.length} and ${foreign.ids.length} ids`);
        return await attack(run, platform, own, foreign);
      } finally {
        await Promise.all([own.close(), foreign.close()]);
      }
    } finally {
      await platform.stop();
    }
  },
};

async function attack(run: ScenarioRun, platform: Platform, own: World, foreign: World): Promise<ScenarioResult> {
  const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
  const { address } = platform.services.api;
  const open = (key: string) => openAsker(address, key);
  const askers = { ADMIN: open(own.keys.ADMIN), SUBMITTER: open(own.keys.SUBMITTER), VIEWER: open(own.keys.VIEWER) };
  const victim = open(foreign.keys.ADMIN);
  try {
    const cursors = await harvestCursors(schema, victim, fillingOf(foreign));
    const values = [...foreign.ids, ...cursors, ...foreign.names];
    const secrets = [...foreign.ids, ...foreign.names];
    const positions = findPositions(schema);
    const twins = createTwins();
    const violations: Violation[] = [];
    let tried = 0;
    for (const kind of KINDS) {
      // What mutations make must not begin to run, and change, while answers are compared.
      if (kind === 'mutation')
        await Promise.all([platform.services.dispatcher.stop(), platform.services.watcher.stop()]);
      const ofKind = positions.filter((position) => position.kind === kind);
      const settled = await pMap(ofKind, (position) => settle(position, askers.ADMIN, own), {
        concurrency: AT_ONCE.query,
      });
      const pairs = choosePairs(run, settled, values, positions.length);
      const differences = await pMap(pairs, (pair) => tryPair(pair, askers[pair.role], secrets, twins), {
        concurrency: AT_ONCE[kind],
      });
      violations.push(...differences.flat());
      tried += pairs.length;
      run.say(`${tried} pairs tried after ${kind} operations: ${violations.length} differences`);
      for (const { subject, what } of violations.slice(0, 3)) run.say(`  ${subject}: ${what}`);
      if (kind === 'subscription')
        violations.push(...(await overhear(schema, { listener: askers.ADMIN, victim }, own, foreign, secrets)));
    }
    const files = await tryLogRoutes(run, askers, own, foreign, secrets);
    const telling = await countTelling(positions, askers.ADMIN, own);
    for (const name of telling.silent) run.say(`no own id makes a difference at ${name}`);
    return {
      operations: tried + files.tried,
      faults: {
        'foreign ids': foreign.ids.length,
        'foreign cursors': cursors.length,
        'foreign names': foreign.names.length,
      },
      violations: [...violations, ...files.violations],
      figures: {
        'pairs tried': String(tried + files.tried),
        leaks: String(violations.length + files.violations.length),
        'places in the schema': `${positions.length}, ${positions.filter(({ isId }) => isId).length} of them of type ID`,
        'places where an own id is answered otherwise than one of nobody': `${telling.telling} of ${telling.tried}`,
        'pairs on the routes for logs': String(files.tried),
      },
      missed: [],
    };
  } finally {
    await Promise.all([...Object.values(askers), victim].map((asker) => asker.close()));
  }
}

import { readFileSync } from 'node:fs';

import { buildSchema, type GraphQLSchema } from 'graphql';

import { inParallel } from '../../support/in-parallel.js';
import { OPEN_LIMITS } from '../../support/open-limits.js';
import { startPlatform, type Platform } from '../../support/platform.js';
import { createRandom, type Random } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { openAsker, TRANSPORTS, type Asker, type TransportName } from './foreign-ids/ask.js';
import type { SentAnswer } from './foreign-ids/compare-answers.js';
import { harvestCursors } from './foreign-ids/harvest.js';
import { listenToOthers } from './foreign-ids/listen-to-others.js';
import { logRoutes, tryLogRoute } from './foreign-ids/log-routes.js';
import type { Filling } from './foreign-ids/operation.js';
import { ownId } from './foreign-ids/own-id.js';
import { describePosition, findPositions, type OperationKind } from './foreign-ids/positions.js';
import { countTelling } from './foreign-ids/telling-positions.js';
import { settle, tryForeign, type Settled } from './foreign-ids/trial.js';
import { createWorld, ROLES, type World } from './foreign-ids/world.js';

const SCHEMA = new URL('../../../../schema.graphql', import.meta.url);
const SHORT_TRIALS = 60;
const VALUES_FOR_A_TEXT = 6;
/** A subscription that goes on is listened to for a while: many at once cost nothing. */
const AT_ONCE: Readonly<Record<OperationKind, number>> = { query: 4, subscription: 24, mutation: 4 };
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

interface Trial {
  readonly settled: Settled;
  readonly transport: TransportName;
  readonly role: (typeof ROLES)[number];
  readonly value: string;
}

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
    const violations: Violation[] = [];
    let tried = 0;
    for (const kind of KINDS) {
      // What mutations make must not begin to run, and change, while answers are compared.
      if (kind === 'mutation')
        await Promise.all([platform.services.dispatcher.stop(), platform.services.watcher.stop()]);
      const ofKind = positions.filter((position) => position.kind === kind);
      const settled = await inParallel(ofKind, AT_ONCE.query, (position) => settle(position, askers.ADMIN, own));
      const trials = chooseTrials(run, settled, values, positions.length);
      violations.push(
        ...(await inParallel(trials, AT_ONCE[kind], (trial) => runTrial(trial, askers[trial.role], secrets))).flat(),
      );
      tried += trials.length;
      run.say(`${tried} pairs tried after ${kind} operations: ${violations.length} differences`);
      for (const { subject, what } of violations.slice(0, 3)) run.say(`  ${subject}: ${what}`);
      if (kind === 'subscription')
        violations.push(...(await overhear(schema, { askers, victim }, own, foreign, secrets)));
    }
    const files = await tryFiles(run, askers, own, foreign, secrets);
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

function fillingOf(world: World): Filling {
  const newName = () => 'unused';
  return { idFor: (field, name) => ownId(world, field, name), newName, refusals: new Map(), included: new Set() };
}

/** As an admin everywhere; with the lesser roles where an id is asked for. */
function chooseTrials(
  { isShort, seed }: ScenarioRun,
  settled: readonly Settled[],
  values: readonly string[],
  places: number,
): Trial[] {
  const random = createRandom(seed);
  const all = settled.flatMap((each) =>
    ROLES.filter((role) => role === 'ADMIN' || each.position.isId).flatMap((role) =>
      TRANSPORTS.flatMap((transport) =>
        valuesFor(each, values, random).map((value) => ({ settled: each, transport, role, value })),
      ),
    ),
  );
  if (!isShort) return all;
  const wanted = Math.ceil((SHORT_TRIALS * settled.length) / places);
  return Array.from({ length: Math.min(wanted, all.length) }, () => random.pick(all));
}

/** A text that a mutation takes is seldom looked up: a few of each kind will do. */
function valuesFor({ position }: Settled, values: readonly string[], random: Random): readonly string[] {
  if (position.isId || position.kind !== 'mutation') return values;
  return Array.from({ length: VALUES_FOR_A_TEXT }, () => random.pick(values));
}

async function runTrial(
  { settled, transport, role, value }: Trial,
  asker: Asker,
  secrets: readonly string[],
): Promise<Violation[]> {
  const { answer, difference } = await tryForeign(settled, transport, asker, value);
  const where = `${describePosition(settled.position)} over ${transport} as ${role}`;
  const shown = shownOf(answer, secrets);
  return [
    ...(difference === undefined
      ? []
      : [leak(where, `${value} is answered otherwise than what never was: ${difference}`)]),
    ...shown.map((secret) => leak(where, `${value} is answered with ${secret}`)),
  ];
}

/** What of somebody else's is in an answer, but for the value itself that was sent. */
function shownOf({ text, value, names }: SentAnswer, secrets: readonly string[]): string[] {
  const rest = [value, ...names].reduce((left, sent) => (sent === '' ? left : left.replaceAll(sent, '')), text);
  return secrets.filter((secret) => rest.includes(secret));
}

async function overhear(
  schema: GraphQLSchema,
  { askers, victim }: { readonly askers: Readonly<Record<string, Asker>>; readonly victim: Asker },
  own: World,
  foreign: World,
  secrets: readonly string[],
): Promise<Violation[]> {
  const listener = askers['ADMIN'] ?? victim;
  const { texts, ownMessages } = await listenToOthers(
    schema,
    { listener, itself: victim },
    fillingOf(own),
    foreign.stir,
  );
  return [
    ...texts
      .flatMap((text) => shownOf({ text, value: '', names: [] }, secrets))
      .map((secret) => leak('lists and subscriptions', `show ${secret}`)),
    ...(ownMessages > 0 ? [] : [leak('subscriptions', 'told nobody anything, so that they prove nothing')]),
  ];
}

async function tryFiles(
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
  const violations = await inParallel(trials, AT_ONCE.query, async ({ route, role, value }) => {
    const { answer, difference } = await tryLogRoute(askers[role], route, value);
    const shown = shownOf(answer, secrets);
    return [...(difference === undefined ? [] : [difference]), ...shown].map((what) =>
      leak(`${route.name} as ${role}`, what),
    );
  });
  return { tried: trials.length, violations: violations.flat() };
}

function leak(subject: string, what: string): Violation {
  return { rule: 'isolation', subject, what };
}

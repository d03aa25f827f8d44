import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnWorld, type WorldJob, type WorldJobShape } from './testing/turn-world.js';

const shape = fc.record<WorldJobShape>({
  size: fc.constantFrom(1, 2, 4),
  parallelism: fc.integer({ min: 1, max: 2 }),
  clusters: fc.constantFrom(['east'], ['west'], ['east', 'west'], ['west', 'east']),
  isLimited: fc.boolean(),
  wasSuspended: fc.boolean(),
});
const world = fc.record({ east: fc.nat(8), west: fc.nat(8), maxGpus: fc.nat(8) });
/** What comes next, and which job: the first one is picked by `at` from those that it can happen to. */
const step = fc.record({ what: fc.constantFrom('submit', 'look', 'look', 'end'), shape, at: fc.nat() });
const history = fc.array(step, { maxLength: 60 });

/** Lets the steps happen, and after each checks what must hold. */
function run(
  { east, west, maxGpus }: { east: number; west: number; maxGpus: number },
  steps: readonly { what: string; shape: WorldJobShape; at: number }[],
  check: (world: TurnWorld, overtaking: readonly WorldJob[]) => void,
): TurnWorld {
  const world = new TurnWorld({ east, west }, maxGpus);
  for (const [number, { what, shape, at }] of steps.entries()) {
    const [waiting, placed] = [pick(world.waiting, at), pick([...world.placed.keys()], at)];
    if (what === 'submit') world.submit(number, shape);
    if (what === 'end' && placed !== undefined) world.end(placed);
    check(world, what === 'look' && waiting !== undefined ? world.look(waiting) : []);
  }
  return world;
}

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from[at % Math.max(from.length, 1)];
}

describe('turns of any jobs, in any order', () => {
  it('let no job go before an older one that waits for the same', () => {
    fc.assert(
      fc.property(world, history, (world, steps) => {
        run(world, steps, (_, overtaking) => expect(overtaking).toEqual([]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep an organization within its limit, suspended and resumed jobs included', () => {
    fc.assert(
      fc.property(world, history, (world, steps) => {
        run(world, steps, (now) => expect(now.heldByLimited()).toBeLessThanOrEqual(world.maxGpus));
      }),
      { numRuns: 1_000 },
    );
  });

  it('starve nobody: once all that went has ended, whoever can go at all goes', () => {
    fc.assert(
      fc.property(world, history, fc.array(fc.nat(), { minLength: 200, maxLength: 200 }), (world, steps, order) => {
        const left = run(world, steps, () => undefined);
        for (const at of order) {
          const next = pick(left.waiting, at);
          if (next === undefined) break;
          left.look(next);
          for (const job of left.placed.keys()) left.end(job);
        }
        expect(left.waiting.filter((job) => !left.isVain(job))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from './advance.js';
import type { JobEvent } from './job-event.js';
import { initialState, jobStatus, needsDispatcher, type Intent, type JobState } from './job-state.js';
import { at, events, observed, type EventName } from './testing/job-events.js';
import { placement, states } from './testing/job-states.js';

const reason = fc.record({ code: fc.constantFrom('A', 'B'), message: fc.constantFrom('a', 'b') });
const uid = fc.constantFrom('uid-1', 'uid-1', 'uid-1', 'uid-2');
const verdict = fc.record({
  outcome: fc.constantFrom('SUCCEEDED' as const, 'FAILED' as const),
  code: fc.constant('V'),
  message: fc.constant('v'),
  final: fc.boolean(),
});
const observation = fc
  .record({
    kubernetesUid: uid,
    resourceVersion: fc.nat(12).map(String),
    intent: fc.nat(4),
    suspended: fc.boolean(),
    livePods: fc.nat(1),
    quietSeconds: fc.constantFrom(0, 10),
    ran: fc.boolean(),
    waiting: fc.option(reason),
    verdict: fc.option(verdict, { freq: 1 }),
    hopeless: fc.option(reason, { freq: 1 }),
  })
  .map(observed);
const intentApplied = fc
  .record({ intent: fc.integer({ min: 1, max: 5 }), released: fc.boolean(), resourceVersion: fc.nat(12).map(String) })
  .map((fields): JobEvent => ({ type: 'INTENT_APPLIED', ...fields, at }));
const named = fc.constantFrom(...(Object.keys(events) as EventName[])).map((name): JobEvent => events[name]);
const history = fc.array(fc.oneof(named, observation, intentApplied), { maxLength: 40 });

const start = fc.constantFrom(...(Object.values(states) as JobState[]));

/** As it comes back from the database. */
function stored(state: JobState): JobState {
  return JSON.parse(JSON.stringify(state)) as JobState;
}

function forEachStep(check: (before: JobState, after: JobState, event: JobEvent) => void): void {
  fc.assert(
    fc.property(start, history, (first, happened) => {
      let before = stored(first);
      for (const event of happened) {
        const after = stored(advance(before, event));
        check(before, after, event);
        before = after;
      }
    }),
    { numRuns: 1_000 },
  );
}

function intentOf(state: JobState): Intent | undefined {
  if (state.phase === 'ARMED') return state.intent;
  return state.phase === 'ENDING' ? state.armed?.intent : undefined;
}

describe('any history', () => {
  it('leaves the state the same object where an event comes twice', () => {
    forEachStep((_, after, event) => expect(advance(after, event)).toBe(after));
  });

  it('never leaves the end, and changes nothing of it but that it is cleaned', () => {
    forEachStep((before, after) => {
      if (before.phase !== 'ENDED') return;
      expect(after).toEqual({ ...before, cleaned: before.cleaned || (after.phase === 'ENDED' && after.cleaned) });
    });
  });

  it('never takes an outcome back but a cancel, for a verdict of Kubernetes or where its cluster is given up', () => {
    forEachStep((before, after, event) => {
      if (before.phase !== 'ENDING' || jobStatus(before) === jobStatus(after) || event.type === 'SETTLED') return;
      expect(before.outcome).toBe('CANCELLED');
      expect(['OBSERVED', 'CLUSTER_ABANDONED']).toContain(event.type);
    });
  });

  it('never arms another Kubernetes Job, and never forgets the armed one', () => {
    forEachStep((before, after) => {
      const [old, next] = [before, after].map((state) => uidOf(state));
      expect(old === null || old === next).toBe(true);
    });
  });

  it('never lowers an intent, and never acknowledges more than was decided', () => {
    forEachStep((before, after) => {
      const [old, next] = [intentOf(before), intentOf(after)];
      if (next === undefined) return;
      expect(next.applied).toBeLessThanOrEqual(next.decided);
      expect(next.decided).toBeGreaterThanOrEqual(old?.decided ?? 1);
      expect(next.applied).toBeGreaterThanOrEqual(old?.applied ?? 0);
      expect(next.released || old?.released !== true).toBe(true);
    });
  });
});

describe('any history', () => {
  it('decides for a release only when it is placed or resumed', () => {
    forEachStep((before, after, event) => {
      if (after.phase !== 'ARMED' || after.want !== 'RUN') return;
      expect(before.phase === 'ARMED' && before.want === 'RUN' ? 'RUN' : event.type).toBeOneOf([
        'RUN',
        'ARMED',
        'RESUME_REQUESTED',
        'RESUME_ALLOWED',
      ]);
    });
  });

  it('ends only when no pod is left', () => {
    forEachStep((before, after) => {
      if (before.phase === 'ENDED' || after.phase !== 'ENDED') return;
      expect(before).toMatchObject({ phase: 'ENDING', stopped: true });
    });
  });

  it('leaves somebody something to do until the end, but for a job that is suspended', () => {
    forEachStep((_, state) => {
      const watched = state.phase === 'ARMED' || state.phase === 'ENDING';
      const idle = state.phase === 'ENDED' ? state.cleaned : jobStatus(state) === 'SUSPENDED';
      expect(needsDispatcher(state) || watched || idle).toBe(true);
    });
  });

  it('gives an end that failed or was cancelled its reason', () => {
    forEachStep((_, state) => {
      if (state.phase !== 'ENDING' && state.phase !== 'ENDED') return;
      expect(state.reason?.code !== 'CLUSTER_UNREACHABLE' || state.phase === 'ENDING').toBe(true);
      expect(state.reason !== null || state.outcome === 'SUCCEEDED').toBe(true);
    });
  });
});

describe('any job', () => {
  it('that is cancelled and whose cluster obeys is CANCELLED', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<JobEvent>(events.suspend, events.resume), { maxLength: 6 }), (wishes) => {
        const start = advance(advance(initialState, { type: 'PLACEMENT_DECIDED', placement, at }), events.armed);
        const cancelled = advance(wishes.reduce(advance, start), events.cancel);
        const decided = intentOf(cancelled)?.decided ?? 0;
        const obeyed: JobEvent[] = [
          { type: 'INTENT_APPLIED', intent: decided, released: true, resourceVersion: '5', at },
          observed({ intent: decided, suspended: true, resourceVersion: '6' }),
          { type: 'SETTLED', at },
        ];
        expect(jobStatus(obeyed.reduce(advance, cancelled))).toBe('CANCELLED');
      }),
    );
  });
});

function uidOf(state: JobState): string | null {
  if (state.phase === 'ENDING') return state.armed?.kubernetesUid ?? null;
  return state.phase === 'ARMED' || state.phase === 'ENDED' ? state.kubernetesUid : null;
}

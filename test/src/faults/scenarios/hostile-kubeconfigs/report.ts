import type { ScenarioResult } from '../../scenario.js';
import type { Violation } from '../../violation.js';
import type { Baits } from './hostile-case.js';
import type { Judgement } from './judge-trace.js';
import type { CaseAnswer } from './send-case.js';
import type { HealthWatch } from './watch-health.js';

/** What an answer may take; a slow case makes the api wait for its own limits, of 10 s a request and three in a row. */
const QUICK_MS = 8_000;
const SLOW_MS = 40_000;
const LONGEST_STALL_MS = 4_000;
const MOST_GROWTH_MIB = 256;
const LONGEST_ANSWER_BYTES = 16 * 1024;

/** What came of an attack. */
interface Outcome {
  readonly answers: readonly CaseAnswer[];
  /** To the harmless kubeconfig. */
  readonly control: CaseAnswer;
  readonly seen: Judgement;
  readonly trap: { readonly caught: number; readonly hasRun: boolean };
  readonly health: HealthWatch;
}

export function report(baits: Baits, outcome: Outcome): ScenarioResult {
  const { answers, seen, trap, health } = outcome;
  const right = answers.filter(isRight);
  const quickest = answers.filter((answer) => !answer.case.isSlow).map(({ tookMs }) => tookMs);
  const slowest = answers.filter((answer) => answer.case.isSlow).map(({ tookMs }) => tookMs);
  return {
    operations: answers.length,
    faults: { 'hostile kubeconfigs': answers.length, 'of them servers that never end an answer': slowest.length },
    violations: [...answers.flatMap(violationsOf), ...violationsOfAll(outcome)],
    figures: {
      'refused with the right code': `${right.length} of ${answers.length}`,
      'files read that a kubeconfig names': String(seen.filesRead),
      'programs run': String(seen.programsRun + Number(trap.hasRun)),
      'connections elsewhere': String(seen.connectionsElsewhere + trap.caught),
      'connections to the hostile server, as allowed': String(seen.connectionsAllowed),
      'longest refusal': `${Math.round(Math.max(0, ...quickest))} ms`,
      'longest refusal of a server that never ends': `${Math.round(Math.max(0, ...slowest))} ms`,
      'longest time without a sign of life': `${Math.round(health.longestStallMs())} ms`,
      'memory above the start': `${Math.round(health.growthMib())} MiB`,
    },
    missed: missed(baits, seen),
  };
}

/** What the answers do not show. */
function violationsOfAll({ control, seen, trap, health }: Outcome): Violation[] {
  return [
    ...(isRight(control) ? [] : [input('the harmless kubeconfig', `was answered with ${control.code}`)]),
    ...seen.violations,
    ...(trap.caught > 0 ? [input('the internal listener', `was connected to ${trap.caught} times`)] : []),
    ...(trap.hasRun ? [input('the program', 'has run')] : []),
    ...(health.failures() > 0 ? [input('the api', `did not say that it lives ${health.failures()} times`)] : []),
    ...(health.longestStallMs() > LONGEST_STALL_MS
      ? [input('the api', `answered nobody for ${Math.round(health.longestStallMs())} ms`)]
      : []),
    ...(health.growthMib() > MOST_GROWTH_MIB
      ? [input('the api', `grew by ${Math.round(health.growthMib())} MiB`)]
      : []),
  ];
}

function missed({ hasNames }: Baits, { connectionsAllowed }: Judgement): string[] {
  return [
    ...(hasNames ? [] : ['names that lead to internal addresses: a name server needs root and a free port 53']),
    ...(connectionsAllowed > 0 ? [] : ['the trace does not show the connections that there were: it shows nothing']),
  ];
}

function isRight(answer: CaseAnswer): boolean {
  return answer.case.codes.includes(answer.code);
}

function violationsOf(answer: CaseAnswer): Violation[] {
  const { name, codes, isSlow } = answer.case;
  const limitMs = isSlow ? SLOW_MS : QUICK_MS;
  return [
    ...(isRight(answer) ? [] : [input(name, `was answered with ${answer.code} instead of ${codes.join(' or ')}`)]),
    ...(answer.tookMs > limitMs ? [input(name, `took ${Math.round(answer.tookMs)} ms`)] : []),
    ...(answer.answerBytes > LONGEST_ANSWER_BYTES ? [input(name, `was told ${answer.answerBytes} bytes`)] : []),
  ];
}

function input(subject: string, what: string): Violation {
  return { rule: 'input', subject, what };
}

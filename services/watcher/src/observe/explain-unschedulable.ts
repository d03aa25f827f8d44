/** What the scheduler says in its own names, and the words people use. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Insufficient cpu$/, 'have too little CPU free'],
  [/^Insufficient memory$/, 'have too little memory free'],
  [/^Insufficient (.+)$/, 'have too few $1 free'],
  [/^Too many pods$/, 'hold as many pods as they may'],
  [
    /^node\(s\) had untolerated taint(?:\(s\))?\s*(\{.*\})?$/,
    'have a taint that the instance type does not tolerate $1',
  ],
  [/^node\(s\) didn't match Pod's node affinity\/selector$/, "do not match the instance type's node selector"],
  [/^node\(s\) were unschedulable$/, 'are cordoned'],
  [/^node\(s\) (.+)$/, '$1'],
];

/**
 * The scheduler's sentence in plain words, followed by itself: "0/3 nodes are available: 2 Insufficient nvidia.com/gpu, …".
 * A sentence of another form is passed on as it is.
 */
export function explainUnschedulable(message: string): string {
  const head = /^0\/(\d+) nodes are available: ?/.exec(message);
  if (head === null) return message === '' ? 'No node can take this pod' : `No node can take this pod: ${message}`;
  const reasons = message.slice(head[0].length).split(/\.?\s*(?:no new claims to deallocate, )?preemption:/)[0] ?? '';
  const parts = [...reasons.matchAll(/(\d+) (.+?)(?=, \d+ |\.(?:\s|$)|$)/g)].map(
    ([, count, reason]) => `${count} ${plain(reason ?? '')}`,
  );
  const summary = parts.length === 0 ? '' : ` ${parts.join(', ')}.`;
  return `No node can take this pod (of ${head[1]}):${summary} The scheduler says: ${message}`;
}

function plain(reason: string): string {
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  return known === undefined ? reason : reason.replace(known[0], known[1]).trim();
}

import type { SearchResult } from './search.js';

/** Says how much was searched, and the shortest way to what is broken. */
export function report(name: string, { states, transitions, depth, programNodes, broken }: SearchResult): void {
  const counts = `${states} states, ${transitions} transitions, depth ${depth}, ${programNodes} points of the code`;
  const words = broken === undefined ? [] : [broken.promise, ...broken.trace.map((move, i) => `${i + 1}. ${move}`)];
  console.log(
    [`${name}: ${counts}, ${(process.cpuUsage().user / 1e6).toFixed(0)} s of CPU so far`, ...words].join('\n'),
  );
}

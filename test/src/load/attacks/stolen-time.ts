import { readFileSync } from 'node:fs';

/** Of the machine's time since then, what its host gave to other machines: 0 to 1. On a machine without a host, 0. */
export function watchStolenTime(): () => number {
  const begin = readTicks();
  return () => {
    const end = readTicks();
    return (end.stolen - begin.stolen) / (end.all - begin.all);
  };
}

function readTicks(): { readonly stolen: number; readonly all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal. What follows is counted in the first two already.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, part) => sum + part, 0) };
}

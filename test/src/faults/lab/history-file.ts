import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = new URL('../../../../.local/faults', import.meta.url).pathname;

/** Where a scenario writes its history; kept until it runs again. */
export function historyFile(name: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.history.jsonl`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = new URL('../../../../.local/faults', import.meta.url).pathname;

/** The path of what the laboratory writes under that name. */
export function laboratoryFile(name: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

/** Where a scenario writes its history; kept until it runs again. */
export function historyFile(name: string): string {
  return laboratoryFile(`${name}.history.jsonl`);
}

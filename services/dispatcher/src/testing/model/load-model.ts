import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { search } from './search.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** One place of the product changed for the worse. */
export interface Mutation {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly replace: string;
}

/** The model with the product's code in it, loaded afresh, with the mutation where one is given. */
export async function loadModel(mutation?: Mutation): Promise<{ readonly search: typeof search }> {
  vi.resetModules();
  vi.doMock('@ccluster/db', () => import('./replaced-database.js'));
  vi.doMock('@ccluster/runtime', async () => {
    const { ask } = await import('./ask.js');
    return { ...(await vi.importActual('@ccluster/runtime')), sleep: () => ask({ call: 'sleep' }) };
  });
  vi.doMock('../../time-limit.js', () => ({
    withTimeLimit: (_limitMs: number, signal: AbortSignal, work: (signal: AbortSignal) => unknown) => work(signal),
  }));
  vi.doMock('../../keep-claim.js', () => ({
    keepClaim: (_renew: unknown, signal: AbortSignal, _log: unknown, work: (signal: AbortSignal) => unknown) =>
      work(signal),
  }));
  if (mutation === undefined) return import('./search.js');
  const original = join(root, mutation.file);
  const mutated = writeMutated(original, mutation);
  vi.doMock(original, () => import(mutated));
  const model = await import('./search.js');
  vi.doUnmock(original);
  return model;
}

/** @returns where the changed module is; it imports what the original imports */
function writeMutated(original: string, { find, replace }: Mutation): string {
  const source = readFileSync(original, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`${original} does not have once: ${find}`);
  const javascript = stripTypeScriptTypes(
    source.replace(find, () => replace),
    { mode: 'transform' },
  );
  const absolute = javascript.replaceAll(/from '(\.[^']+)\.js'/g, (_, path: string) => {
    return `from '${join(dirname(original), path)}.ts'`;
  });
  const folder = join(packageOf(original), '.local', 'mutants');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(original, '.ts')}-${process.pid}-${(count += 1)}.js`);
  writeFileSync(file, absolute);
  return file;
}

let count = 0;

function packageOf(file: string): string {
  return file.slice(0, file.indexOf('/src/'));
}

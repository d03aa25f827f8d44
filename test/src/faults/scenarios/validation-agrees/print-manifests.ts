import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import type { V1Job, V1Secret } from '@kubernetes/client-node';

const program = new URL('../../../../../services/dispatcher/dist/print-manifests.js', import.meta.url).pathname;

export interface PrintedInput {
  readonly job: unknown;
  readonly instanceType: unknown;
}

export type PrintedManifests =
  | { readonly job: V1Job; readonly secrets: readonly V1Secret[] }
  | { readonly refused: readonly { readonly path: readonly (string | number)[]; readonly message: string }[] };

/** What the dispatcher would send to a cluster for each input, or why the api would refuse it: by their own code. */
export async function printManifests(inputs: readonly PrintedInput[]): Promise<PrintedManifests[]> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const printed = text(child.stdout);
  for (const input of inputs) if (!child.stdin.write(`${JSON.stringify(input)}\n`)) await once(child.stdin, 'drain');
  child.stdin.end();
  const lines = (await printed).split('\n').slice(0, -1);
  const [code] = (await exited) as [number | null];
  if (code !== 0 || lines.length !== inputs.length)
    throw new Error(`print-manifests ended with ${code} after ${lines.length} of ${inputs.length} inputs`);
  return lines.map((line) => JSON.parse(line) as PrintedManifests);
}

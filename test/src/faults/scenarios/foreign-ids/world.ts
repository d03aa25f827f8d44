import { randomBytes } from 'node:crypto';

import { createClient } from '@ccluster/client';

import { createKey } from '../../../support/create-key.js';
import { shellJob } from '../../../support/job-input.js';
import { registerOwnNamespace } from '../../../support/own-namespace.js';
import type { Platform } from '../../../support/platform.js';
import type { Filling } from './operation.js';
import { ownId } from './own-id.js';
import { readOwnIds } from './read-own-ids.js';

export const ROLES = ['ADMIN', 'SUBMITTER', 'VIEWER'] as const;

/** An organization with one of everything that it can have. */
export interface World {
  readonly organization: string;
  readonly keys: Readonly<Record<(typeof ROLES)[number], string>>;
  /** A finished one comes first. */
  readonly jobIds: readonly [string, ...string[]];
  /** Of every kind. */
  readonly ids: readonly string[];
  /** All that it has a name for, with chance in it: nobody else can know them. */
  readonly names: readonly string[];
  /** Makes, suspends and cancels a job. */
  stir(): Promise<void>;
  close(): Promise<void>;
}

/** A private cluster, an instance type, keys, and jobs: one that has run, with logs, one that is held and one cancelled. */
export async function createWorld(platform: Platform, label: string): Promise<World> {
  const organization = `${label}-${chance()}`;
  const keys = {
    ADMIN: await createKey(platform.env, organization, 'ADMIN'),
    SUBMITTER: await createKey(platform.env, organization, 'SUBMITTER'),
    VIEWER: await createKey(platform.env, organization, 'VIEWER'),
  };
  const client = createClient({ url: platform.graphqlUrl, apiKey: keys.ADMIN });
  const [cluster] = platform.environment.clusters;
  if (cluster === undefined) throw new Error('The environment has no cluster');
  const own = await registerOwnNamespace(client, cluster, {}, {}, false);
  const secret = `text-${chance()}`;
  const names = { ran: `a-${chance()}`, held: `b-${chance()}`, cancelled: `c-${chance()}`, request: `r-${chance()}` };
  const input = (name: string) => ({
    ...shellJob(platform.environment, `echo ${secret}`, { name, completions: 2, parallelism: 2 }),
    env: [{ name: 'TEXT', value: secret, secret: false }],
    placement: { clusterId: own.clusterId },
  });
  const ran = await client.createJob({ ...input(names.ran), requestId: names.request });
  const held = await client.createJob(input(names.held));
  await client.suspendJob(held.id);
  const cancelled = await client.createJob(input(names.cancelled));
  await client.cancelJob(cancelled.id);
  await Promise.all([client.waitForEnd(ran.id), client.waitForEnd(cancelled.id)]);
  return {
    organization,
    keys,
    jobIds: [ran.id, held.id, cancelled.id],
    ids: await readOwnIds(platform.env.DATABASE_URL, organization),
    names: [organization, own.name, secret, ...Object.values(names)],
    stir: async () => {
      const { id } = await client.createJob(input(`d-${chance()}`));
      await client.suspendJob(id);
      await client.cancelJob(id);
    },
    close: async () => {
      await client.close();
      await own.delete();
    },
  };
}

/** What an operation is filled with so that it asks for what there is in a world. */
export function fillingOf(world: World): Filling {
  const newName = () => 'unused';
  return { idFor: (field, name) => ownId(world, field, name), newName, refusals: new Map(), included: new Set() };
}

function chance(): string {
  return randomBytes(5).toString('hex');
}

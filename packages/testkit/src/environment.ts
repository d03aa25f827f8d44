import { readFileSync } from 'node:fs';
import { z } from 'zod';

const image = z.object({
  /** Without a tag. */
  url: z.string(),
  tag: z.string(),
});

/** Inputs of `createInstanceType` without their cluster. */
const instanceTypes = z.array(z.record(z.string(), z.unknown()));

const cluster = z.object({
  name: z.string(),
  region: z.string(),
  /** Paths of kubeconfigs: with all rights, and with those of each service. */
  kubeconfig: z.string(),
  dispatcherKubeconfig: z.string(),
  watcherKubeconfig: z.string(),
  /** Those that suit its nodes. */
  instanceTypes,
  /** Path of its API server's audit log; null where the API server is no process of ours. */
  auditLog: z.string().nullable(),
  /** Under which its pods reach a process of this machine that listens there; null where there is none. */
  hostAddress: z.string().nullable(),
  /** Nodes on which pods only seem to run, for thousands of them; null where there are none. */
  kwok: z.object({ instanceTypes, nodes: z.number() }).nullable(),
});

const environment = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string(),
  clusters: z.array(cluster),
  image,
  /** Other content than `image`, behind a password; null where the clusters cannot reach such a registry. */
  privateImage: image.extend({ username: z.string(), password: z.string() }).nullable(),
  /** The program, and the `LD_LIBRARY_PATH` that it needs; null where the clusters are no processes of ours. */
  strace: z.object({ path: z.string(), libraryPath: z.string() }).nullable(),
  /** POST `<faultsUrl>/<target>/<fault>` breaks a part of the environment; null where no part of it is ours to break. */
  faultsUrl: z.string().nullable(),
});

/** The PostgreSQL, Redis and Kubernetes that integration tests run against, shared by all of them. */
export type TestEnvironment = z.output<typeof environment>;
export type TestCluster = z.output<typeof cluster>;

/** CLUSTER_ADDRESSES_ALLOWED for tests: their clusters are on this machine, or wherever a given KUBECONFIG says. */
export const TEST_CLUSTER_ADDRESSES = '0.0.0.0/0,::/0';

/** Reads the file that `npm test` names in CCLUSTER_TEST_ENVIRONMENT. */
export function readTestEnvironment(): TestEnvironment {
  const file = process.env['CCLUSTER_TEST_ENVIRONMENT'];
  if (file === undefined) throw new Error('CCLUSTER_TEST_ENVIRONMENT is not set: run `npm test`');
  return environment.parse(JSON.parse(readFileSync(file, 'utf8')));
}

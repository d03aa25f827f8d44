import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ClusterCredentials } from '../access/cluster-credentials.js';
import { parseKubeconfig } from '../access/kubeconfig.js';

const environmentSchema = z.object({
  clusters: z.array(z.object({ kubeconfig: z.string() })).min(1),
  image: z.object({ url: z.string(), tag: z.string() }),
});

export interface TestCluster {
  credentials: ClusterCredentials;
  /** One that has a shell. */
  image: string;
}

/** The first cluster of the test environment; read here, since the testkit itself builds on this package. */
export function readTestCluster(): TestCluster {
  const file = process.env['CCLUSTER_TEST_ENVIRONMENT'];
  if (file === undefined) throw new Error('CCLUSTER_TEST_ENVIRONMENT is not set: run `npm test`');
  const { clusters, image } = environmentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error('the test environment has no cluster');
  const { kubeconfig } = cluster;
  return {
    credentials: parseKubeconfig(readFileSync(kubeconfig, 'utf8')),
    image: `${image.url}:${image.tag}`,
  };
}

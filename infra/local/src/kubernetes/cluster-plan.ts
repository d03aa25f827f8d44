import { join } from 'node:path';

/** Where everything of one native cluster lies and listens; made by rule from its name and the instance number. */
export interface ClusterPlan {
  readonly name: string;
  readonly region: string;
  readonly nodeName: string;
  /** What the node says it has, and the labels that instance types select it by. */
  readonly gpus: { readonly count: number; readonly product: string };
  readonly dir: string;
  readonly ports: Readonly<Record<'etcd' | 'etcdPeer' | 'apiServer' | 'controllerManager' | 'scheduler' | 'kubeletHealth', number>>;
  /** At most 15 characters, as the kernel demands of a network interface. */
  readonly bridge: string;
  /** The bridge's own address, and the node's. */
  readonly nodeAddress: string;
  readonly podSubnet: string;
  readonly prefixLength: number;
}

const SITES = [
  { name: 'local-east', region: 'us-east', product: 'NVIDIA-H100-80GB-HBM3' },
  { name: 'local-west', region: 'us-west', product: 'NVIDIA-A100-SXM4-40GB' },
] as const;

const BASE_PORT = 26_000;
const PORTS_AN_INSTANCE = 100;
const PORTS_A_CLUSTER = 20;
const GPUS_A_NODE = 8;
/** 16,382 pod addresses: names of ended pods keep theirs for a moment. */
const PREFIX_LENGTH = 18;

/**
 * The clusters of one environment.
 * @param instance 0..9: offsets ports, bridges and subnets, so that two checkouts can run at once
 */
export function planClusters(localDir: string, instance: number): ClusterPlan[] {
  return SITES.map((site, position) => {
    const port = BASE_PORT + instance * PORTS_AN_INSTANCE + position * PORTS_A_CLUSTER;
    const network = `10.${88 + instance}.${position * 64}`;
    return {
      name: site.name,
      region: site.region,
      nodeName: `${site.name}-node`,
      gpus: { count: GPUS_A_NODE, product: site.product },
      dir: join(localDir, 'clusters', site.name),
      ports: {
        etcd: port,
        etcdPeer: port + 1,
        apiServer: port + 2,
        controllerManager: port + 3,
        scheduler: port + 4,
        kubeletHealth: port + 5,
      },
      bridge: `cc${instance}-${site.name}`,
      nodeAddress: `${network}.1`,
      podSubnet: `${network}.0/${PREFIX_LENGTH}`,
      prefixLength: PREFIX_LENGTH,
    };
  });
}

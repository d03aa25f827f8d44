import { join } from 'node:path';

/** Where everything of one native cluster lies and listens; made by rule from its name and the instance number. */
export interface ClusterPlan {
  readonly name: string;
  readonly region: string;
  readonly nodeName: string;
  /** What the node says it has, and the labels that instance types select it by. */
  readonly gpus: { readonly count: number; readonly product: string };
  readonly dir: string;
  readonly ports: ClusterPorts;
  /** At most 15 characters, as the kernel demands of a network interface. */
  readonly bridge: string;
  /** The bridge's own address, and the node's. */
  readonly nodeAddress: string;
  readonly podSubnet: string;
  readonly prefixLength: number;
}

/** All on 127.0.0.1. */
interface ClusterPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kubeletHealth: number;
}

const SITES = [
  { name: 'local-east', region: 'us-east', product: 'NVIDIA-H100-80GB-HBM3' },
  { name: 'local-west', region: 'us-west', product: 'NVIDIA-A100-SXM4-40GB' },
] as const;

const BASE_PORT = 26_000;
const PORTS_AN_INSTANCE = 100;
const PORTS_A_CLUSTER = 20;
/** 10.200 to 10.209: away from what Docker, Podman and Kubernetes take by default. */
const BASE_SUBNET = 200;
const GPUS_A_NODE = 8;
/** 16,382 pod addresses: ended pods keep theirs for a moment. */
const PREFIX_LENGTH = 18;

/**
 * The clusters of one environment, on the ports they prefer.
 * @param instance 0..9: offsets ports, bridges and subnets, so that two checkouts can run at once
 */
export function planClusters(localDir: string, instance: number): ClusterPlan[] {
  return SITES.map(({ name, region, product }, position) => {
    const network = `10.${BASE_SUBNET + instance}.${position * 64}`;
    return {
      name,
      region,
      nodeName: `${name}-node`,
      gpus: { count: GPUS_A_NODE, product },
      dir: join(localDir, 'clusters', name),
      ports: portsFrom(BASE_PORT + instance * PORTS_AN_INSTANCE + position * PORTS_A_CLUSTER),
      bridge: `cc${instance}-${name}`,
      nodeAddress: `${network}.1`,
      podSubnet: `${network}.0/${PREFIX_LENGTH}`,
      prefixLength: PREFIX_LENGTH,
    };
  });
}

function portsFrom(first: number): ClusterPorts {
  return {
    etcd: first,
    etcdPeer: first + 1,
    apiServer: first + 2,
    controllerManager: first + 3,
    scheduler: first + 4,
    kubeletHealth: first + 5,
  };
}

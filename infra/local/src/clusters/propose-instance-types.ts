/** What a proposal needs to know of a node. */
export interface NodeCapacity {
  /** `nvidia.com/gpu.product` of the node; undefined where it has no GPUs. */
  gpuProduct: string | undefined;
  gpuCount: number;
  cpuMillicores: number;
  memoryMiB: number;
}

/** `CreateInstanceTypeInput` without its cluster. */
export interface InstanceTypeProposal {
  name: string;
  gpuType: string | null;
  gpuCount: number;
  gpuMemoryMiB: number | null;
  cpuMillicores: number;
  memoryMiB: number;
  pricePerHourCents: number;
  nodeSelector: { key: string; value: string }[];
}

export const GPU_PRODUCT_LABEL = 'nvidia.com/gpu.product';

/** US cents per GPU and hour, in the order of what one pays; for others DEFAULT_GPU_PRICE_CENTS. */
const GPU_PRICE_CENTS = new Map([
  ['H100', 250],
  ['A100', 150],
  ['L4', 70],
  ['T4', 35],
]);
const DEFAULT_GPU_PRICE_CENTS = 100;
const CPU_PRICE_CENTS = 4;
/** What the system's own pods leave of a node. */
const USABLE_SHARE = 0.9;
/** Small enough for many short replicas on a small machine. */
const CPU_REPLICAS_PER_NODE = 40;

/** For each kind of GPU one type with a single GPU and one with half a node, and one type without a GPU. */
export function proposeInstanceTypes(nodes: readonly NodeCapacity[]): InstanceTypeProposal[] {
  const byProduct = new Map(nodes.flatMap((node) => (node.gpuProduct === undefined ? [] : [[node.gpuProduct, node]])));
  const withGpu = [...byProduct].flatMap(([product, node]) => proposeGpuTypes(product, node));
  const smallest = nodes.toSorted((a, b) => a.cpuMillicores - b.cpuMillicores)[0];
  return smallest === undefined ? withGpu : [...withGpu, proposeCpuType(smallest)];
}

function proposeGpuTypes(product: string, node: NodeCapacity): InstanceTypeProposal[] {
  const gpuType = shortGpuName(product);
  const counts = new Set([1, Math.max(1, Math.floor(node.gpuCount / 2))]);
  return [...counts].map((gpuCount) => ({
    name: `${gpuType.toLowerCase()}-x${gpuCount}`,
    gpuType,
    gpuCount,
    gpuMemoryMiB: gpuMemoryMiB(product),
    ...shareOf(node, gpuCount / node.gpuCount),
    pricePerHourCents: gpuCount * (GPU_PRICE_CENTS.get(gpuType) ?? DEFAULT_GPU_PRICE_CENTS),
    nodeSelector: [{ key: GPU_PRODUCT_LABEL, value: product }],
  }));
}

function proposeCpuType(node: NodeCapacity): InstanceTypeProposal {
  return {
    name: 'cpu-small',
    gpuType: null,
    gpuCount: 0,
    gpuMemoryMiB: null,
    ...shareOf(node, 1 / CPU_REPLICAS_PER_NODE),
    pricePerHourCents: CPU_PRICE_CENTS,
    nodeSelector: [],
  };
}

function shareOf(node: NodeCapacity, share: number): { cpuMillicores: number; memoryMiB: number } {
  return {
    cpuMillicores: Math.floor(node.cpuMillicores * USABLE_SHARE * share),
    memoryMiB: Math.floor(node.memoryMiB * USABLE_SHARE * share),
  };
}

/** `NVIDIA-H100-80GB-HBM3` → `H100` */
function shortGpuName(product: string): string {
  return product.replace(/^(NVIDIA|Tesla)-/, '').split('-')[0] ?? product;
}

/** `NVIDIA-H100-80GB-HBM3` → 81920 */
function gpuMemoryMiB(product: string): number | null {
  const gigabytes = product.match(/-(\d+)GB/)?.[1];
  return gigabytes === undefined ? null : Number(gigabytes) * 1024;
}

import type { RequestedPlacement } from './job-spec.js';

/** One instance type of one cluster, and how things stand there now. */
export interface Offer {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly region: string;
  /** A name, or a template with `{organization}`. */
  readonly namespace: string;
  /** The only one that may use it; null: all may. */
  readonly organizationId: string | null;
  readonly draining: boolean;
  /** The cluster adds nodes for pods that wait. */
  readonly autoscaling: boolean;
  readonly reachable: boolean;
  readonly instanceType: OfferedInstanceType;
  /** Replicas that fit now, after what other jobs have reserved; null: not known yet. */
  readonly room: number | null;
  /** Replicas that would fit with nothing else there; 0: waiting for room is vain as long as the nodes stay the same. */
  readonly roomWhenEmpty: number | null;
  /** Replicas that wait there already. */
  readonly backlog: number;
}

export interface OfferedInstanceType {
  readonly id: string;
  readonly name: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  /** US cents per replica. */
  readonly pricePerHourCents: number;
}

export interface PlacementSnapshot<R extends PlacementRequest = PlacementRequest> {
  readonly offers: readonly Offer[];
  /** Whose turn comes before: jobs that wait, oldest first. Of those that ask for the same the oldest will do. */
  readonly line: readonly R[];
  /** By organization; one that is not named has no limit. */
  readonly allowances: ReadonlyMap<string, GpuAllowance>;
}

/** GPUs that an organization's jobs may hold at once, and those they hold. */
export interface GpuAllowance {
  readonly maxGpus: number;
  readonly heldGpus: number;
}

export interface PlacementRequest {
  readonly organizationId: string;
  readonly requested: RequestedPlacement;
  /** Replicas at once that there is work for. */
  readonly parallelism: number;
  /** Where the job was suspended and is to go on, whatever else is offered, and whether there is room or not. */
  readonly resumesOn?: Offer | undefined;
  /** Ids of clusters that have just refused what its organization sends there. */
  readonly avoids?: ReadonlySet<string> | undefined;
  /** How many more that ask for the same stand behind it and are not in the line themselves. */
  readonly further?: number | undefined;
}

export interface RankedOffer {
  readonly offer: Offer;
  readonly eligible: boolean;
  /** Why it is not eligible, or not the first; the first eligible one has none. */
  readonly reasons: readonly OfferReason[];
}

export interface OfferReason {
  readonly code: OfferReasonCode;
  readonly message: string;
}

export type OfferReasonCode =
  | 'WRONG_CLUSTER'
  | 'WRONG_INSTANCE_TYPE'
  | 'WRONG_REGION'
  | 'WRONG_GPU'
  | 'TOO_FEW_GPUS'
  | 'TOO_EXPENSIVE'
  | 'DRAINING'
  | 'UNREACHABLE'
  | 'NO_ROOM'
  /** What is free there, or gets free, goes to jobs that have waited longer. */
  | 'KEPT_FOR_OLDER_JOBS'
  | 'ORGANIZATION_LIMIT'
  /** Eligible, but another one is better. */
  | 'NOT_FIRST';

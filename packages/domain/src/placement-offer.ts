import type { RequestedPlacement } from './job-spec.js';

/** One instance type of one cluster, and how things stand there now. */
export interface Offer {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly region: string;
  readonly namespace: string;
  readonly draining: boolean;
  /** The cluster adds nodes for pods that wait. */
  readonly autoscaling: boolean;
  readonly reachable: boolean;
  readonly instanceType: OfferedInstanceType;
  /** Replicas that fit now, after what other jobs have reserved; null: not known yet. */
  readonly room: number | null;
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

export interface PlacementSnapshot {
  readonly offers: readonly Offer[];
}

export interface PlacementRequest {
  readonly requested: RequestedPlacement;
  /** Replicas at once. */
  readonly parallelism: number;
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
  /** Eligible, but another one is better. */
  | 'NOT_FIRST';

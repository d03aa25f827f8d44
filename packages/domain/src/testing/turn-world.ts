import { takeTurn, type GpuAllowance, type Offer, type PlacementRequest } from '../placement.js';
import { anOffer, aRequest } from './an-offer.js';

const SIZES = [1, 2, 4] as const;
const LIMITED = 'org_limited';

export type ClusterName = 'east' | 'west';

export interface WorldJobShape {
  /** GPUs of a replica. */
  readonly size: (typeof SIZES)[number];
  readonly parallelism: number;
  /** Any of them will do; in the first it was suspended, if it was. */
  readonly clusters: readonly [ClusterName, ...ClusterName[]];
  readonly isLimited: boolean;
  readonly wasSuspended: boolean;
}

export interface WorldJob extends PlacementRequest, Pick<WorldJobShape, 'size' | 'clusters'> {
  readonly number: number;
}

/** Two clusters, the jobs that wait, and what others have reserved: kept account of as in PostgreSQL. */
export class TurnWorld {
  /** Oldest first. */
  readonly waiting: WorldJob[] = [];
  readonly placed = new Map<WorldJob, ClusterName>();
  readonly #totals: Readonly<Record<ClusterName, number>>;
  readonly #maxGpus: number;

  constructor(totals: Readonly<Record<ClusterName, number>>, maxGpus: number) {
    this.#totals = totals;
    this.#maxGpus = maxGpus;
  }

  submit(number: number, { size, parallelism, clusters, isLimited, wasSuspended }: WorldJobShape): void {
    const asked = { regions: [...clusters], minGpuCount: size, maxPricePerHourCents: size };
    const request = { ...aRequest(parallelism, asked), organizationId: isLimited ? LIMITED : 'org_1' };
    const resumesOn = wasSuspended ? this.#offer(clusters[0], size) : undefined;
    this.waiting.push({ ...request, number, size, clusters, resumesOn });
  }

  /** The job's turn. @returns who went in it while older jobs could not, that wait for the same */
  look(job: WorldJob): WorldJob[] {
    const line = this.waiting.filter(({ number }) => number < job.number);
    const { ahead, result } = takeTurn(job, { offers: this.#offers(), line, allowances: this.#allowances() });
    const own = result !== undefined && 'placed' in result ? [{ request: job, placed: result.placed }] : [];
    return [...ahead, ...own].flatMap(({ request, placed }) => this.#place(request, placed.clusterName as ClusterName));
  }

  end(job: WorldJob): void {
    this.placed.delete(job);
  }

  heldByLimited(): number {
    const held = [...this.placed.keys()].filter(({ organizationId }) => organizationId === LIMITED);
    return held.reduce((sum, job) => sum + gpusOf(job), 0);
  }

  /** Not even with nothing else in the world. */
  isVain(job: WorldJob): boolean {
    if (job.organizationId === LIMITED && gpusOf(job) > this.#maxGpus) return true;
    // A sole offer is taken though its nodes are too small.
    return (
      job.resumesOn === undefined && job.clusters.length > 1 && !job.clusters.some((name) => this.#fits(job, name))
    );
  }

  #place(job: WorldJob, cluster: ClusterName): WorldJob[] {
    this.waiting.splice(this.waiting.indexOf(job), 1);
    const overtaken = this.waiting.filter(
      (older) => older.number < job.number && !this.isVain(older) && this.#isOvertaken(older, job, cluster),
    );
    this.placed.set(job, cluster);
    return overtaken.length > 0 ? [job] : [];
  }

  #isOvertaken(older: WorldJob, job: WorldJob, cluster: ClusterName): boolean {
    if (older.organizationId === LIMITED && this.heldByLimited() + gpusOf(older) > this.#maxGpus)
      return job.organizationId === LIMITED;
    if (older.organizationId === LIMITED && job.organizationId !== LIMITED && this.#waitsForItsOwn(older)) return false;
    if (older.resumesOn !== undefined) return true;
    return job.resumesOn === undefined && older.clusters.includes(cluster) && this.#fits(older, cluster);
  }

  /** What its organization may still have is kept for older jobs of it. */
  #waitsForItsOwn({ number }: WorldJob): boolean {
    const before = this.waiting.filter(
      (each) => each.organizationId === LIMITED && each.number <= number && !this.isVain(each),
    );
    return this.heldByLimited() + before.reduce((sum, each) => sum + gpusOf(each), 0) > this.#maxGpus;
  }

  #fits({ size }: WorldJob, cluster: ClusterName): boolean {
    return size <= this.#totals[cluster];
  }

  #offers(): Offer[] {
    return SIZES.flatMap((size) => [this.#offer('east', size), this.#offer('west', size)]);
  }

  #offer(clusterName: ClusterName, gpuCount: number): Offer {
    const here = [...this.placed].filter(([, cluster]) => cluster === clusterName);
    const reserved = here.reduce((sum, [job]) => sum + gpusOf(job), 0);
    const roomWhenEmpty = Math.floor(this.#totals[clusterName] / gpuCount);
    const backlog = Math.ceil(reserved / gpuCount);
    return anOffer({
      clusterId: clusterName,
      clusterName,
      region: clusterName,
      room: Math.max(roomWhenEmpty - backlog, 0),
      roomWhenEmpty,
      backlog,
      type: { id: `${clusterName}-${gpuCount}`, name: `x${gpuCount}`, gpuCount, pricePerHourCents: gpuCount },
    });
  }

  #allowances(): Map<string, GpuAllowance> {
    return new Map([[LIMITED, { maxGpus: this.#maxGpus, heldGpus: this.heldByLimited() }]]);
  }
}

function gpusOf({ size, parallelism }: WorldJob): number {
  return size * parallelism;
}

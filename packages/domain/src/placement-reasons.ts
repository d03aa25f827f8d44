import type { RequestedPlacement } from './job-spec.js';
import type { GpuAllowance, Offer, OfferedInstanceType, OfferReason, OfferReasonCode } from './placement-offer.js';

/** What about the offer is not what was asked for; empty: it matches. None of it changes by waiting. */
export function mismatches(requested: RequestedPlacement, offer: Offer): OfferReason[] {
  const { clusterId, instanceTypeId, regions, gpuTypes, minGpuCount, maxPricePerHourCents } = requested;
  const { clusterName, region, instanceType } = offer;
  const { name, gpuType, gpuCount, pricePerHourCents } = instanceType;
  const reasons: OfferReason[] = [];
  if (clusterId !== null && clusterId !== offer.clusterId)
    reasons.push({ code: 'WRONG_CLUSTER', message: `On ${clusterName}, and another cluster is asked for` });
  if (instanceTypeId !== null && instanceTypeId !== instanceType.id)
    reasons.push({ code: 'WRONG_INSTANCE_TYPE', message: `${name}, and another instance type is asked for` });
  if (regions !== null && !regions.includes(region))
    reasons.push({ code: 'WRONG_REGION', message: `In ${region}, not in ${anyOf(regions)}` });
  if (gpuTypes !== null && (gpuType === null || !gpuTypes.includes(gpuType)))
    reasons.push({ code: 'WRONG_GPU', message: `Has ${gpuType ?? 'no GPU'}, not ${anyOf(gpuTypes)}` });
  if (minGpuCount !== null && gpuCount < minGpuCount)
    reasons.push({ code: 'TOO_FEW_GPUS', message: `Has ${counted(gpuCount, 'GPU')}, fewer than ${minGpuCount}` });
  if (maxPricePerHourCents !== null && pricePerHourCents > maxPricePerHourCents)
    reasons.push({
      code: 'TOO_EXPENSIVE',
      message: `Costs ${dollars(pricePerHourCents)} per replica and hour, more than ${dollars(maxPricePerHourCents)}`,
    });
  return reasons;
}

/** Why nothing can be sent to a matching offer now; empty: something can. */
export function obstacles({ draining, reachable, clusterName }: Offer): OfferReason[] {
  const reasons: OfferReason[] = [];
  if (draining) reasons.push({ code: 'DRAINING', message: `${clusterName} is being drained and takes no new jobs` });
  if (!reachable) reasons.push({ code: 'UNREACHABLE', message: `${clusterName} does not answer at the moment` });
  return reasons;
}

const PASSING: ReadonlySet<OfferReasonCode> = new Set([
  'DRAINING',
  'UNREACHABLE',
  'NO_ROOM',
  'KEPT_FOR_OLDER_JOBS',
  'ORGANIZATION_LIMIT',
]);

/** It takes jobs of others, and has just refused those of this organization. */
export function refusesOrganization({ clusterName }: Offer): OfferReason {
  return { code: 'UNREACHABLE', message: `${clusterName} takes no jobs of the organization at the moment` };
}

/** Whether waiting may help against it. */
export function isPassing(code: OfferReasonCode): boolean {
  return PASSING.has(code);
}

/** What was free there is spoken for. */
export function keptForOlderJobs({ clusterName }: Offer): OfferReason {
  return { code: 'KEPT_FOR_OLDER_JOBS', message: `What gets free on ${clusterName} goes to older jobs first` };
}

export function overOrganizationLimit({ maxGpus }: GpuAllowance, gpus: number): OfferReason {
  const message =
    gpus > maxGpus
      ? `Takes ${counted(gpus, 'GPU')}, more than the ${maxGpus} that the organization may hold at once`
      : `Takes ${counted(gpus, 'GPU')} of the ${maxGpus} that the organization may hold at once, and its other jobs have them`;
  return { code: 'ORGANIZATION_LIMIT', message };
}

/** Without figures that change all the time: a job that waits is written only when what it waits for has changed. */
export function noRoom({ room, instanceType, clusterName }: Offer): OfferReason {
  const message =
    room === null
      ? `How much room ${clusterName} has is not known yet`
      : `${clusterName} has no room now for a replica of ${sizeOf(instanceType)}`;
  return { code: 'NO_ROOM', message };
}

/** An offer as people name it. */
export function nameOf({ instanceType, clusterName }: Offer): string {
  return `${instanceType.name} on ${clusterName}`;
}

function sizeOf({ gpuType, gpuCount, cpuMillicores, memoryMib }: OfferedInstanceType): string {
  const gpus = gpuType === null ? [] : [`${gpuCount} × ${gpuType}`];
  return [...gpus, `${cpuMillicores / 1000} CPU`, `${Math.round(memoryMib / 102.4) / 10} GiB`].join(', ');
}

export function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(place: number): string {
  const isTeen = place % 100 >= 11 && place % 100 <= 13;
  const ending = isTeen ? undefined : ['st', 'nd', 'rd'][(place % 10) - 1];
  return `${place}${ending ?? 'th'}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function anyOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `any of ${names.join(', ')}`;
}

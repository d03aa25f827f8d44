import type { InstanceTypeRow } from '@ccluster/db';
import type { InstanceType } from './instance-type.type.js';

/** An instance type as callers see it. */
export function instanceTypeOfRow(row: InstanceTypeRow): InstanceType {
  return {
    clusterId: row.clusterId,
    id: row.id,
    name: row.name,
    gpuType: row.gpuType,
    gpuCount: row.gpuCount,
    gpuMemoryMiB: row.gpuMemoryMib,
    cpuMillicores: row.cpuMillicores,
    memoryMiB: row.memoryMib,
    pricePerHourCents: row.pricePerHourCents,
    room: row.room,
  };
}

import { registerEnumType } from 'type-graphql';

/** GraphQL's enums are named like the values of the domain and of the tables. */
function enumOf<Name extends string>(...names: readonly Name[]): { readonly [Key in Name]: Key } {
  return Object.fromEntries(names.map((name) => [name, name])) as { readonly [Key in Name]: Key };
}

export const JobStatusEnum = enumOf(
  'QUEUED',
  'STARTING',
  'RUNNING',
  'SUSPENDED',
  'FINISHING',
  'CANCELLING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
);
registerEnumType(JobStatusEnum, {
  name: 'JobStatus',
  valuesConfig: {
    QUEUED: { description: 'Accepted, not yet on a cluster; `reason` says what it waits for' },
    STARTING: { description: 'On a cluster, no container has run yet' },
    FINISHING: { description: 'The outcome is decided; pods are ending or logs are being drained' },
  },
});

export const JobOrderEnum = enumOf('CREATED_AT_DESC', 'CREATED_AT_ASC');
registerEnumType(JobOrderEnum, { name: 'JobOrder' });

export const TaskStatusEnum = enumOf('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');
registerEnumType(TaskStatusEnum, {
  name: 'TaskStatus',
  valuesConfig: {
    PENDING: { description: 'Includes waiting for a retry' },
    FAILED: { description: 'Its last attempt failed and no retry comes' },
    CANCELLED: { description: 'Stopped, or never run, because the job ended' },
  },
});

export const PodStatusEnum = enumOf('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'LOST');
registerEnumType(PodStatusEnum, { name: 'PodStatus' });

export const JobEventTypeEnum = enumOf(
  'SNAPSHOT',
  'CREATED',
  'PLACED',
  'DISPATCHED',
  'STATUS_CHANGED',
  'POD_CHANGED',
  'CANCEL_REQUESTED',
  'SUSPEND_REQUESTED',
  'RESUME_REQUESTED',
  'FINISHED',
);
registerEnumType(JobEventTypeEnum, { name: 'JobEventType' });

export const JobUpdateKindEnum = enumOf('UPSERT', 'LEFT_FILTER', 'DELETED');
registerEnumType(JobUpdateKindEnum, {
  name: 'JobUpdateKind',
  valuesConfig: {
    UPSERT: { description: 'It matches the filter' },
    LEFT_FILTER: { description: 'It does not match the filter, and may have done so before' },
    DELETED: { description: 'Whether or not it matched the filter' },
  },
});

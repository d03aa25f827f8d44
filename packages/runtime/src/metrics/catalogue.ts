interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Each has few values: names of the schema, of clusters, of steps. Never an id, a name that callers give, or a text. */
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200];

/** Every metric of ours. `infra/monitoring` uses each of them and no other; a test holds them together. */
export const METRICS = {
  ccluster_api_operations_total: {
    type: 'counter',
    help: 'Operations that were answered, by their first field and the code of their first error, or OK',
    labels: ['transport', 'operation', 'code'],
  },
  ccluster_api_operation_seconds: {
    type: 'histogram',
    help: 'From the start of an operation to its answer; of a subscription to its first event',
    labels: ['operation'],
    buckets: SECONDS,
  },
  ccluster_api_sockets: { type: 'gauge', help: 'Sockets that are open', labels: [] },
  ccluster_api_socket_waiting_bytes: { type: 'gauge', help: 'What waits for the clients of sockets', labels: [] },
  ccluster_api_sockets_cut_total: { type: 'counter', help: 'Sockets cut for what waited for them', labels: [] },
  ccluster_step_seconds: {
    type: 'histogram',
    help: 'Steps that outlive the process: transactions, calls that change a cluster, hints',
    labels: ['step'],
    buckets: SECONDS,
  },
  ccluster_step_failures_total: { type: 'counter', help: 'Steps that threw', labels: ['step'] },
  ccluster_claims_total: {
    type: 'counter',
    help: 'Jobs that a dispatcher tried to claim; none: not due, or held by another',
    labels: ['outcome'],
  },
  ccluster_dispatch_seconds: {
    type: 'histogram',
    help: 'From the creation of a job to its Kubernetes Job being armed',
    labels: ['cluster'],
    buckets: LONG_SECONDS,
  },
  ccluster_cluster_call_seconds: {
    type: 'histogram',
    help: 'Calls that change a cluster',
    labels: ['cluster', 'step'],
    buckets: SECONDS,
  },
  ccluster_cluster_call_failures_total: {
    type: 'counter',
    help: 'Calls that change a cluster and failed',
    labels: ['cluster', 'step'],
  },
  ccluster_jobs_queued: { type: 'gauge', help: 'Jobs that wait for a placement', labels: [] },
  ccluster_oldest_queued_seconds: { type: 'gauge', help: 'Age of the oldest of them', labels: [] },
  ccluster_oldest_due_seconds: { type: 'gauge', help: 'For how long a job is due that nobody has claimed', labels: [] },
  ccluster_hints_waiting: { type: 'gauge', help: 'Hints in the queue of dispatchers', labels: [] },
  ccluster_watch_age_seconds: {
    type: 'gauge',
    help: 'Since the cluster last sent anything; a silent one sends a bookmark each minute',
    labels: ['cluster', 'kind'],
  },
  ccluster_watch_lists_total: {
    type: 'counter',
    help: 'Whole lists that were read: one at the start, one each ten minutes, and one after each loss',
    labels: ['cluster', 'kind'],
  },
  ccluster_log_lag_seconds: {
    type: 'histogram',
    help: 'From the time stamp of a log line to its being stored',
    labels: ['cluster'],
    buckets: LONG_SECONDS,
  },
  ccluster_postgres_connections: { type: 'gauge', help: 'Of the pool: idle, busy, or waited for', labels: ['state'] },
} as const satisfies Readonly<Record<string, Definition>>;

type Catalogue = typeof METRICS;
export type MetricName = keyof Catalogue;
type NameOf<Type extends Definition['type']> = {
  [Name in MetricName]: Catalogue[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
export type ReadName = NameOf<'gauge' | 'counter'>;
export type LabelsOf<Name extends MetricName> = Readonly<Record<Catalogue[Name]['labels'][number], string>>;

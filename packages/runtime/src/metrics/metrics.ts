import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  METRICS,
  type CounterName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  type ReadName,
} from './catalogue.js';

/** A reader that does not answer by then is left out of this scrape. */
const READ_TIMEOUT_MS = 2_000;

interface Reading<Name extends ReadName> {
  readonly labels: LabelsOf<Name>;
  readonly value: number;
}

/** Gives the values of the moment. Where it fails, there are none. */
type Reader<Name extends ReadName> = () => readonly Reading<Name>[] | Promise<readonly Reading<Name>[]>;

export interface Metrics {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): void;
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Is asked at each scrape; several of one name add their values. @returns ends that */
  read<Name extends ReadName>(name: Name, reader: Reader<Name>): () => void;
  /** In Prometheus' text format. */
  render(): Promise<string>;
}

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Those of this process, with those of Node: event loop, memory, garbage collection. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = new Map<MetricName, Counter | Gauge | Histogram>();
  const readers = new Map<ReadName, Set<Reader<ReadName>>>();
  const get = (name: MetricName): Counter | Gauge | Histogram => {
    const metric = made.get(name) ?? make(registry, name);
    made.set(name, metric);
    return metric;
  };
  return {
    count: (name, labels) => (get(name) as Counter).inc(labels),
    observe: (name, labels, value) => (get(name) as Histogram).observe(labels, value),
    read: (name, reader) => {
      const all = readers.get(name) ?? new Set<Reader<ReadName>>();
      readers.set(name, all.add(reader));
      return () => all.delete(reader);
    },
    render: async () => {
      await Promise.all([...readers].map(([name, all]) => readAll(get(name) as Counter | Gauge, all)));
      return registry.metrics();
    },
  };
}

function make(registry: Registry, name: MetricName): Counter | Gauge | Histogram {
  const { type, help, labels } = METRICS[name];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'counter') return new Counter(options);
  if (type === 'gauge') return new Gauge(options);
  return new Histogram({ ...options, buckets: [...METRICS[name as HistogramName].buckets] });
}

async function readAll(metric: Counter | Gauge, readers: ReadonlySet<Reader<ReadName>>): Promise<void> {
  const readings = (await Promise.all([...readers].map(readOne))).flat();
  metric.reset();
  for (const { labels, value } of readings) metric.inc(labels, value);
}

async function readOne(reader: Reader<ReadName>): Promise<readonly Reading<ReadName>[]> {
  const timeout = Promise.withResolvers<readonly Reading<ReadName>[]>();
  const timer = setTimeout(() => timeout.resolve([]), READ_TIMEOUT_MS);
  try {
    return await Promise.race([timeout.promise, (async () => reader())()]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

import { hostname } from 'node:os';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from './tracing-config.js';

/** Spans beyond are dropped: a collector that does not keep up costs this much memory, and nothing else. */
const MAX_QUEUED_SPANS = 4_096;
const BATCH_SPANS = 512;
const EXPORT_INTERVAL_MS = 1_000;
const EXPORT_TIMEOUT_MS = 5_000;
/** A full queue's batches, at the end, and the one that is under way. */
const MAX_EXPORTS = MAX_QUEUED_SPANS / BATCH_SPANS + 1;
const MAX_ATTRIBUTE_CHARACTERS = 256;

export interface TracingSdk {
  /** Sends what is queued, which may take as long as the collector does, and takes no more. */
  shutdown(): Promise<void>;
}

/**
 * Sends spans to the collector of `config`, in the background.
 * @param onLost is told why spans could not be sent, in no words of the collector's: it has seen our headers
 */
export function openSdk(config: TracingConfig, onLost: (error: unknown) => void): TracingSdk {
  const tell = (error: unknown) => onLost(withoutCollectorsWords(error));
  setGlobalErrorHandler(tell);
  const exporter = new OTLPTraceExporter({
    url: config.url,
    headers: { ...config.headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
    concurrencyLimit: MAX_EXPORTS,
  });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_QUEUED_SPANS,
    maxExportBatchSize: BATCH_SPANS,
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const sdk = installTracing(processor, config);
  return { shutdown: () => sdk.shutdown().catch(tell) };
}

function withoutCollectorsWords(error: unknown): unknown {
  const status = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  return status === undefined ? error : `HTTP ${status}`;
}

/** Has the process's spans go through `processor`, until the shutdown. */
export function installTracing(
  processor: SpanProcessor,
  { ratio, serviceName }: Pick<TracingConfig, 'ratio' | 'serviceName'>,
): TracingSdk {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.instance.id': `${hostname()}-${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanLimits: { attributeValueLengthLimit: MAX_ATTRIBUTE_CHARACTERS },
    spanProcessors: [processor],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    shutdown: async () => {
      for (const part of [trace, context, propagation]) part.disable();
      await provider.shutdown();
    },
  };
}

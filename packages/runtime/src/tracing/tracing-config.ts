import { z } from 'zod';

export interface TracingConfig {
  /** Where spans are sent, by OTLP over HTTP. */
  readonly url: string;
  /** Secret: sent with them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part of the traces that begin here which is recorded, 0 to 1. */
  readonly ratio: number;
  readonly serviceName: string;
}

const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional();
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,256}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,8192}$/;

/** Of every service, under the names that OpenTelemetry gives them. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default('').transform(parseHeaders),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0|1|[01]?\.\d{1,9})$/, 'must be a number from 0 to 1')
    .transform(Number)
    .refine((ratio) => ratio <= 1, 'must be a number from 0 to 1')
    .default(1),
  OTEL_SERVICE_NAME: z.string().max(255).optional(),
};

type TracingVariables = z.output<z.ZodObject<typeof tracingVariables>>;

/** @returns undefined: no traces are wanted */
export function tracingConfigOf(parsed: TracingVariables, serviceName: string): TracingConfig | undefined {
  const url = parsed.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? tracesBelow(parsed.OTEL_EXPORTER_OTLP_ENDPOINT);
  if (url === undefined) return undefined;
  return {
    url,
    headers: parsed.OTEL_EXPORTER_OTLP_HEADERS,
    ratio: parsed.OTEL_TRACES_SAMPLER_ARG,
    serviceName: parsed.OTEL_SERVICE_NAME ?? serviceName,
  };
}

function tracesBelow(base: string | undefined): string | undefined {
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`;
}

/** `name=value,name=value`, values percent-encoded. What is wrong is told without showing any of it. */
function parseHeaders(text: string, context: z.RefinementCtx): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/s.exec(pair) ?? [];
    const decoded = percentDecoded(value);
    if (!HEADER_NAME.test(name) || decoded === undefined || !HEADER_VALUE.test(decoded)) {
      context.addIssue({ code: 'custom', message: 'must be name=value, more of them after commas' });
      return z.NEVER;
    }
    headers[name] = decoded;
  }
  return headers;
}

function percentDecoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnvironment } from '../config.js';
import { tracingConfigOf, tracingVariables } from './tracing-config.js';

const parse = (env: Record<string, string>) =>
  tracingConfigOf(parseEnvironment(z.object(tracingVariables), env), 'ccluster-api');
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('the configuration of traces', () => {
  it('is none without an endpoint', () => {
    expect(parse({})).toBeUndefined();
    expect(parse({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_SAMPLER_ARG: '0.5' })).toBeUndefined();
  });

  it('needs an endpoint only', () => {
    expect(parse(endpoint)).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: {},
      ratio: 1,
      serviceName: 'ccluster-api',
    });
  });

  it.each([
    ['http://c/', undefined, 'http://c/v1/traces'],
    ['https://c/otlp', undefined, 'https://c/otlp/v1/traces'],
    ['http://c', 'https://d/spans', 'https://d/spans'],
    [undefined, 'https://d/spans', 'https://d/spans'],
  ])('of %s and %s sends to %s', (base, traces, url) => {
    const env = {
      ...(base === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: base }),
      ...(traces === undefined ? {} : { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces }),
    };
    expect(parse(env)?.url).toBe(url);
  });

  it('takes headers, a ratio and a name', () => {
    const headers = 'authorization=Bearer%20canary, x-scope = a=b ,';
    const env = { OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_TRACES_SAMPLER_ARG: '0.25', OTEL_SERVICE_NAME: 'other' };
    expect(parse({ ...endpoint, ...env })).toMatchObject({
      headers: { authorization: 'Bearer canary', 'x-scope': 'a=b' },
      ratio: 0.25,
      serviceName: 'other',
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'canary:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'ftp://canary'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'canary'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=canary%0d%0ab:c'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=canary%zz'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'b c=canary'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'canary'],
    ['OTEL_SERVICE_NAME', 'canary'.repeat(50)],
  ])('says that %s is wrong, and no value: %s', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(name);
    expect(() => parse({ [name]: value })).not.toThrow('canary');
  });
});

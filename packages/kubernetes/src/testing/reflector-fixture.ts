import { vi } from 'vitest';
import type { UnsafeObject } from '../reflector/kubernetes-object.js';
import type { ObjectChange } from '../reflector/object-store.js';
import { type Reflector, startReflector } from '../reflector/reflector.js';
import type { ReflectorAnomaly, ReflectorOptions } from '../reflector/reflector-options.js';
import type { ReflectorTiming } from '../reflector/timing.js';
import { type FakeApiServer, type FakeRequest, startFakeApiServer } from './fake-api-server.js';
import { FakeCollection } from './fake-collection.js';

const TIMING: ReflectorTiming = {
  backoff: { baseMs: 5, maxMs: 20 },
  healthyAfterMs: 1_000,
  shortestWatchMs: 50,
  idleTimeoutMs: 5_000,
  watchSeconds: 300,
};

/** For `expect.poll`. */
export const PATIENTLY = { timeout: 5_000, interval: 2 };

/** A collection, an API server that serves it, and reflectors of it with all that they tell. */
export class ReflectorFixture {
  readonly collection = new FakeCollection();
  readonly changes: ObjectChange<string>[] = [];
  readonly anomalies: ReflectorAnomaly[] = [];
  server!: FakeApiServer;
  #reflector: Reflector<string> | undefined;

  async open(): Promise<void> {
    this.server = await startFakeApiServer(this.collection.answer);
  }

  async close(): Promise<void> {
    await this.#reflector?.stop();
    await this.server.stop();
  }

  start(options: Partial<ReflectorOptions<string>> = {}, timing: Partial<ReflectorTiming> = {}): Reflector<string> {
    const standard: ReflectorOptions<string> = {
      connection: this.server.connection,
      path: '/api/v1/namespaces/n/things',
      query: { labelSelector: 'app=x' },
      toItem: valueOf,
      onChange: (changed) => this.changes.push(...changed),
      onAnomaly: (anomaly) => this.anomalies.push(anomaly),
      now: Date.now,
      random: () => 0.5,
      pageSize: 2,
      relistIntervalMs: 600_000,
      log: { info: () => undefined, warn: () => undefined },
    };
    this.#reflector = startReflector({ ...standard, ...options }, { ...TIMING, ...timing });
    return this.#reflector;
  }

  /** Returns when the reflector has listed and watches. */
  async startSynced(
    options: Partial<ReflectorOptions<string>> = {},
    timing: Partial<ReflectorTiming> = {},
  ): Promise<Reflector<string>> {
    const reflector = this.start(options, timing);
    await reflector.whenSynced(AbortSignal.timeout(2_000));
    await vi.waitUntil(() => this.collection.watches.size === 1, PATIENTLY);
    return reflector;
  }

  /** What the reflector shows. */
  contents(): Record<string, string> {
    return Object.fromEntries([...(this.#reflector?.items() ?? [])].map(([key, { item }]) => [key, item]));
  }

  resourceVersion(): string | undefined {
    return this.#reflector?.resourceVersion();
  }

  watchRequests(): FakeRequest[] {
    return this.server.requests.filter(({ query }) => query.has('watch'));
  }

  /** Without what only asks whether the cluster is still the same. */
  listRequests(): FakeRequest[] {
    return this.server.requests.filter(({ query }) => !query.has('watch') && Number(query.get('limit')) > 1);
  }
}

function valueOf(unsafeObject: UnsafeObject): string | undefined {
  const value = unsafeObject['value'];
  if (typeof value !== 'string') throw new TypeError('no value');
  return value === 'ignored' ? undefined : value;
}

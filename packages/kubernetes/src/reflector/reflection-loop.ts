import { backoffMs, sleep } from '@ccluster/runtime';
import { findSystemUid } from '../connection/cluster-identity.js';
import { KubernetesFault, toKubernetesFault } from '../connection/fault.js';
import { listObjects } from './list-objects.js';
import { openWatch } from './open-watch.js';
import { Reflection } from './reflection.js';
import { ReflectionReader } from './reflection-reader.js';
import type { ReflectorOptions } from './reflector-options.js';
import type { ReflectorTiming } from './timing.js';
import { DAMAGED_EVENT } from './watch-event.js';

interface WatchLife {
  readonly askedAtMs: number;
  /** Later than any time where it never was. */
  openedAtMs: number;
  hasBrought: boolean;
}

/** List, watch, resume, for ever. Between two steps `#needsList` and the past that was seen say where the next one begins. */
export class ReflectionLoop<T> {
  readonly reflection: Reflection<T>;
  lastContactAtMs: number | undefined;
  lists = 0;
  readonly #options: ReflectorOptions<T>;
  readonly #timing: ReflectorTiming;
  readonly #reader: ReflectionReader<T>;
  readonly #synced = Promise.withResolvers<void>();
  readonly #stopped = new AbortController();
  /** A step, or our own pause after one that failed; aborted, it is given up. */
  #underWay = new AbortController();
  #beganAtMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** The last watch brought something or lived for a while: what ended it is the first failure after a success. */
  #hasSucceeded = false;
  #needsList = true;
  #nextListAtMs = 0;
  /** The last step failed or was given up: before the watch resumes, the cluster must show that it still has the past. */
  #doubtful = false;
  /** It has another past: told with its list. */
  #isOtherPast = false;

  constructor(options: ReflectorOptions<T>, timing: ReflectorTiming) {
    this.#options = options;
    this.#timing = timing;
    this.#reader = new ReflectionReader(options);
    this.reflection = new Reflection(options, this.#reader);
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#begin();
      try {
        if (this.#doubtful && !this.#needsList) await this.#askForPast();
        if (this.#needsList) await this.#list();
        await this.#watch();
        this.#doubtful = false;
      } catch (error) {
        this.#doubtful = true;
        if (!this.#underWay.signal.aborted) await this.#recover(toKubernetesFault(error));
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
    this.#underWay.abort();
  }

  /** What hangs or pauses is given up; a watch that brings something goes on, and so does a pause that was asked for. */
  retry(): void {
    this.#failures = 0;
    if ((this.lastContactAtMs ?? Number.NEGATIVE_INFINITY) < this.#beganAtMs) this.#underWay.abort();
  }

  #begin(): void {
    this.#underWay = new AbortController();
    this.#beganAtMs = this.#options.now();
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return Promise.race([this.#synced.promise, aborted.promise]).finally(() =>
      signal.removeEventListener('abort', abort),
    );
  }

  async #list(): Promise<void> {
    const { connection, path, query, pageSize, relistIntervalMs, random, now } = this.#options;
    const { signal } = this.#underWay;
    const { keep, past } = this.reflection;
    const systemUid = await findSystemUid(connection, signal);
    const list = await listObjects({ connection, path, query, pageSize, signal, keep });
    this.lastContactAtMs = now();
    if (this.#isOtherPast || past.isOther(systemUid, list.resourceVersion)) {
      const message = `resource version ${past.resourceVersion} was of another past, now ${list.resourceVersion}`;
      this.#reader.report({ code: 'INCARNATION_CHANGED', message });
    }
    this.#isOtherPast = false;
    this.lists += 1;
    this.#needsList = false;
    this.#nextListAtMs = now() + relistIntervalMs * (0.9 + 0.2 * random());
    this.reflection.replace(systemUid, list);
    this.#synced.resolve();
  }

  async #askForPast(): Promise<void> {
    const past = await this.reflection.past.ofCluster(this.#underWay.signal);
    this.lastContactAtMs = this.#options.now();
    this.#isOtherPast = past === 'OTHER';
    this.#needsList = past !== 'SAME';
  }

  async #watch(): Promise<void> {
    const { now } = this.#options;
    const life: WatchLife = { askedAtMs: now(), openedAtMs: Number.POSITIVE_INFINITY, hasBrought: false };
    const relist = new AbortController();
    const timer = setTimeout(() => relist.abort(), Math.max(0, this.#nextListAtMs - life.askedAtMs));
    try {
      const watch = await openWatch(this.#watchCall(AbortSignal.any([this.#underWay.signal, relist.signal])));
      life.openedAtMs = now();
      for await (const events of watch) {
        life.hasBrought = true;
        this.lastContactAtMs = now();
        this.reflection.apply(events);
      }
      if (!this.#isSuccess(life)) throw new KubernetesFault('SERVER_ERROR', 'The watch ended at once');
    } catch (error) {
      if (!relist.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
      this.#learnFrom(life);
      if (relist.signal.aborted) this.#needsList = true;
    }
  }

  #isSuccess({ openedAtMs, hasBrought }: WatchLife): boolean {
    return hasBrought || this.#options.now() - openedAtMs >= this.#timing.shortestWatchMs;
  }

  #learnFrom(life: WatchLife): void {
    const { healthyAfterMs, idleTimeoutMs } = this.#timing;
    const nowMs = this.#options.now();
    if (this.#isSuccess(life)) this.#hasSucceeded = true;
    if (nowMs - life.openedAtMs >= healthyAfterMs) this.#failures = 0;
    // Silence from the first moment on is what a watch from an unreachable future looks like.
    if (!life.hasBrought && nowMs - life.askedAtMs >= idleTimeoutMs) this.#needsList = true;
  }

  #watchCall(signal: AbortSignal): Parameters<typeof openWatch>[0] {
    const { connection, path, query, random } = this.#options;
    const { watchSeconds, idleTimeoutMs } = this.#timing;
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + random()));
    return {
      connection,
      path,
      query,
      resourceVersion: this.reflection.past.resourceVersion ?? '',
      timeoutSeconds,
      idleTimeoutMs,
      signal,
    };
  }

  async #recover(fault: KubernetesFault): Promise<void> {
    if (fault.kind === 'EXPIRED' || fault.reason === 'ResourceVersionTooLarge' || fault.reason === DAMAGED_EVENT)
      this.#needsList = true;
    this.#reader.report({ code: 'FAULT', message: fault.message, fault });
    // Whole lists are not asked for at that pace, however much succeeds in between.
    if (this.#hasSucceeded && !this.#needsList) this.#failures = 0;
    this.#hasSucceeded = false;
    this.#failures += 1;
    const waitMs = backoffMs(this.#failures, this.#timing.backoff, this.#options.random);
    this.#begin();
    const askedForMs = fault.retryAfterMs ?? 0;
    await sleep(askedForMs, this.#stopped.signal);
    await sleep(Math.max(waitMs - askedForMs, 0), this.#underWay.signal);
  }
}

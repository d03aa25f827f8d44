import type { Logger } from '@ccluster/runtime';
import type { Redis } from 'ioredis';
import { occasionalWarning } from './occasional-log.js';
import { channelOf, type Topic, type TopicName } from './topics.js';
import { openWakeUpSignal, type WakeUpSignal } from './wake-up-signal.js';

/** A silent loss of the connection shows only when something is asked of it. */
const PING_INTERVAL_MS = 10_000;

export interface WakeUps {
  /**
   * Calls the listener on each wake-up of the key; and with no payload where some may have been missed: once its
   * channel is subscribed to, at first and after each loss of Redis. It must not throw.
   * @returns how to end it
   */
  subscribe<Payload>(topic: Topic<Payload>, key: string, listener: (payload?: Payload) => void): () => void;
  /** For "read, then wait": to be opened before the read, so that what changes between the two is not missed. */
  open(...keys: readonly (readonly [topic: TopicName, key: string])[]): WakeUpSignal;
  close(): void;
}

export interface WakeUpsOptions {
  /** Of role `subscriber`; nothing else may use it, and `close` disconnects it. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Logger;
}

type ChannelListener = (message?: string) => void;

/** Receives wake-ups: one subscription a channel, however many listen to it. While Redis is away nothing piles up. */
export function createWakeUps({ redis, prefix, log }: WakeUpsOptions): WakeUps {
  const listeners = new Map<string, Set<ChannelListener>>();
  const warn = occasionalWarning(log, 'wake-ups cannot be received');

  const tell = (channel: string, message?: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  };
  const request = async (channels: readonly string[]): Promise<void> => {
    // Where Redis is away, `ready` comes later and asks for all of them.
    if (redis.status !== 'ready' || channels.length === 0) return;
    try {
      await redis.subscribe(...channels);
      for (const channel of channels) tell(channel);
    } catch (error) {
      warn(error);
    }
  };
  redis.on('message', (channel: string, message: string) => tell(channel, message));
  redis.on('ready', () => void request([...listeners.keys()]));
  if (redis.status === 'ready') void request([...listeners.keys()]);
  const ping = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(warn);
  }, PING_INTERVAL_MS);

  const listen = (channel: string, listener: ChannelListener): (() => void) => {
    const others = listeners.get(channel);
    if (others === undefined) {
      listeners.set(channel, new Set([listener]));
      void request([channel]);
    } else {
      others.add(listener);
    }
    return () => forget(channel, listener);
  };
  const forget = (channel: string, listener: ChannelListener): void => {
    const all = listeners.get(channel);
    if (all === undefined || !all.delete(listener) || all.size > 0) return;
    listeners.delete(channel);
    if (redis.status === 'ready') redis.unsubscribe(channel).catch(warn);
  };

  const subscribe: WakeUps['subscribe'] = (topic, key, listener) =>
    listen(channelOf(prefix, topic, key), (message) => {
      listener(message === undefined ? undefined : parsePayload(topic, message, warn));
    });
  return {
    subscribe,
    open: (...keys) =>
      openWakeUpSignal((wake) => keys.map(([topic, key]) => listen(channelOf(prefix, topic, key), wake))),
    close: () => {
      clearInterval(ping);
      redis.disconnect();
    },
  };
}

/** What cannot be read still wakes: its listener reads PostgreSQL once too often. */
function parsePayload<Payload>(
  { payload }: Topic<Payload>,
  message: string,
  warn: (error: unknown) => void,
): Payload | undefined {
  try {
    return payload.parse(JSON.parse(message));
  } catch (error) {
    warn(error);
    return undefined;
  }
}

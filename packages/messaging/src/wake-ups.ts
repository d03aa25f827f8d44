import { occasionalWarning, type Logger } from '@ccluster/runtime';
import type { Redis } from 'ioredis';
import { createChannelListeners } from './channel-listeners.js';
import { channelOf, type Topic, type TopicName } from './topics.js';
import { openWakeUpSignal, type WakeUpSignal } from './wake-up-signal.js';

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

/** Receives wake-ups. */
export function createWakeUps({ redis, prefix, log }: WakeUpsOptions): WakeUps {
  const warn = occasionalWarning(log, 'wake-ups cannot be received');
  const channels = createChannelListeners(redis, warn);
  return {
    subscribe: (topic, key, listener) =>
      channels.listen(channelOf(prefix, topic, key), (message) => {
        listener(message === undefined ? undefined : parsePayload(topic, message, warn));
      }),
    open: (...keys) =>
      openWakeUpSignal((wake) =>
        keys.map(([topic, key]) => channels.listen(channelOf(prefix, topic, key), () => wake())),
      ),
    close: channels.close,
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

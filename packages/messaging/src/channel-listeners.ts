import type { Redis } from 'ioredis';

/** A silent loss of the connection shows only when something is asked of it. */
const PING_INTERVAL_MS = 10_000;

/** Called with each message; with none where some may have been missed. Must not throw. */
type ChannelListener = (message?: string) => void;

export interface ChannelListeners {
  /** @returns how to end it */
  listen(channel: string, listener: ChannelListener): () => void;
  close(): void;
}

/**
 * One Redis subscription a channel, however many listen to it. While Redis is away nothing piles up: on each reconnect
 * all channels that anybody listens to are subscribed to anew.
 */
export function createChannelListeners(redis: Redis, warn: (error: unknown) => void): ChannelListeners {
  const listeners = new Map<string, Set<ChannelListener>>();
  const tell = (channel: string, message?: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  };
  const subscribe = async (...channels: string[]): Promise<void> => {
    // Where Redis is away, `ready` comes later and asks for all of them.
    if (redis.status !== 'ready' || channels.length === 0) return;
    try {
      await redis.subscribe(...channels);
      for (const channel of channels) tell(channel);
    } catch (error) {
      warn(error);
    }
  };
  redis.on('message', tell);
  redis.on('ready', () => void subscribe(...listeners.keys()));
  const ping = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(warn);
  }, PING_INTERVAL_MS);

  return {
    listen: (channel, listener) => {
      const first = !listeners.has(channel);
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      if (first) void subscribe(channel);
      return () => {
        if (!removeListener(listeners, channel, listener) || redis.status !== 'ready') return;
        redis.unsubscribe(channel).catch(warn);
      };
    },
    close: () => {
      clearInterval(ping);
      redis.disconnect();
    },
  };
}

/** @returns whether it was the channel's last one */
function removeListener(
  listeners: Map<string, Set<ChannelListener>>,
  channel: string,
  listener: ChannelListener,
): boolean {
  const all = listeners.get(channel);
  if (all === undefined || !all.delete(listener) || all.size > 0) return false;
  return listeners.delete(channel);
}

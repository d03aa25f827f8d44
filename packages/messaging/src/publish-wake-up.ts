import { occasionalWarning, type Logger } from '@ccluster/runtime';
import type { Redis } from 'ioredis';
import { channelOf, type Topic } from './topics.js';

/**
 * Tells whoever waits on a topic's key to read again. To be called after the commit. Never throws.
 * @returns false where Redis did not take it, within about a second; whoever waits reads again within two anyway
 */
export type PublishWakeUp = <Payload>(topic: Topic<Payload>, payload: Payload) => Promise<boolean>;

export interface WakeUpPublisherOptions {
  /** Of role `queue`; stays open. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Logger;
}

export function createWakeUpPublisher({ redis, prefix, log }: WakeUpPublisherOptions): PublishWakeUp {
  const warn = occasionalWarning(log, 'wake-ups were not published');
  return async (topic, payload) => {
    try {
      await redis.publish(channelOf(prefix, topic, topic.keyOf(payload)), JSON.stringify(payload));
      return true;
    } catch (error) {
      warn(error);
      return false;
    }
  };
}

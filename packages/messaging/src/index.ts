export { connectRedis, type RedisRole } from './connect-redis.js';
export { startDispatchWorker, type DispatchWorker, type DispatchWorkerOptions } from './dispatch-worker.js';
export { createWakeUpPublisher, type PublishWakeUp } from './publish-wake-up.js';
export { createDispatchQueue, type DispatchHint, type DispatchQueue } from './queues.js';
export { openSharedBuckets, type BucketSize, type TakenTokens, type TakeShared } from './shared-bucket.js';
export { EVERYTHING, topics, type Topic } from './topics.js';
export type { WakeUpSignal } from './wake-up-signal.js';
export { createWakeUps, type WakeUps } from './wake-ups.js';

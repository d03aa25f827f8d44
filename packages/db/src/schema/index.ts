export * from './api-keys.js';
export * from './clusters.js';
export * from './instance-types.js';
export * from './job-events.js';
export * from './jobs.js';
export * from './logs.js';
export * from './organizations.js';
export * from './pods.js';

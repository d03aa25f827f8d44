export * from './ccluster-client.js';
export type { ClientOptions, Transport } from './client.js';
export * from './errors.js';
export * from './generated.js';

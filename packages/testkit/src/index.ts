export * from '@ccluster/domain/testing';
export * from './environment.js';
export * from './proxy/http/http-fault-proxy.js';
export type { AnswerFault, HttpFault, ProxiedRequest } from './proxy/http/http-fault.js';
export * from './proxy/postgres/postgres-fault-proxy.js';
export * from './proxy/tcp-fault-proxy.js';
export * from './test-database.js';
export * from './test-redis-prefix.js';
export * from './wait-for.js';

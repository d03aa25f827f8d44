export * from './backoff.js';
export * from './clock.js';
export * from './config.js';
export * from './error-text.js';
export * from './health.js';
export * from './lifecycle.js';
export { createLogger, type Logger } from './logger.js';
export * from './repeat.js';
export * from './run-main.js';

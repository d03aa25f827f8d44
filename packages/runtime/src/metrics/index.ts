export { METRICS } from './catalogue.js';
export { measuredSteps } from './measured-steps.js';
export { createMetrics, METRICS_CONTENT_TYPE, type Metrics } from './metrics.js';
export { countConnections } from './pool-metrics.js';

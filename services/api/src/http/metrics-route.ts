import { METRICS_CONTENT_TYPE, type Metrics } from '@ccluster/runtime';
import type { FastifyInstance } from 'fastify';
import { requireRole } from '../access/principal.js';
import { admitRequest, type AdmissionOptions } from './graphql-route.js';

/** `GET /metrics` for Prometheus, with the key of an OPERATOR: this port is everybody's. */
export function addMetricsRoute(http: FastifyInstance, metrics: Metrics, admission: AdmissionOptions): void {
  http.get('/metrics', async (request, reply) => {
    const { principal } = await admitRequest(request, admission);
    requireRole(principal, 'OPERATOR');
    return reply.type(METRICS_CONTENT_TYPE).send(await metrics.render());
  });
}

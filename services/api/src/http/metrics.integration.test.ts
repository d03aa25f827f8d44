import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAcknowledged } from '../testing/raw-socket.js';
import { createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

describe('the metrics of the api', () => {
  let api: TestApi;
  let operator: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const get = (key?: string) =>
    fetch(`${api.address}/metrics`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  const metrics = async () => (await get(operator.key)).text();

  it('are for operators', async () => {
    const { key } = await api.newKey('acme', 'ADMIN');
    expect([(await get()).status, (await get(key)).status, (await get(operator.key)).status]).toEqual([401, 403, 200]);
  });

  it('count operations by their field and what came of them, on both transports, and by no name of callers', async () => {
    await createTestJob(operator, { name: 'measured' });
    await operator.ask('query Canary { canary: viewer { role } }');
    await operator.ask('{ job(id: "none") { id } }');
    await operator.ask('mutation { cancelJob(id: "none") { id } }');
    await operator.ask('{ nothing }');
    await operator.first('{ viewer { role } }', {}, 5_000);
    await operator.first('{ nothing }', {}, 5_000);
    const text = await metrics();
    for (const labels of [
      'transport="http",operation="createJob",code="OK"',
      'transport="http",operation="viewer",code="OK"',
      'transport="http",operation="job",code="OK"',
      'transport="http",operation="cancelJob",code="NOT_FOUND"',
      'transport="http",operation="none",code="GRAPHQL_VALIDATION_FAILED"',
      'transport="ws",operation="viewer",code="OK"',
      'transport="ws",operation="none",code="GRAPHQL_VALIDATION_FAILED"',
    ]) {
      expect(text).toMatch(new RegExp(`^ccluster_api_operations_total\\{${labels}\\} [1-9]`, 'm'));
    }
    expect(text).toMatch(/^ccluster_api_operation_seconds_count\{operation="createJob"\} [1-9]/m);
    expect(text).toMatch(/^ccluster_step_seconds_count\{step="store job"\} [1-9]/m);
    expect(text).not.toMatch(/canary|measured/i);
    expect(text).not.toContain(operator.key);
    expect(text).not.toContain(operator.organizationId);
  });

  it('count refusals, sockets and connections', async () => {
    await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const socket = await openAcknowledged(api.address, operator.key);
    const text = await metrics();
    expect(text).toMatch(
      /^ccluster_api_operations_total\{transport="http",operation="none",code="UNAUTHENTICATED"\} [1-9]/m,
    );
    expect(text).toMatch(/^ccluster_api_sockets [1-9]/m);
    expect(text).toMatch(/^ccluster_api_socket_waiting_bytes 0$/m);
    expect(text).toMatch(/^ccluster_postgres_connections\{state="idle"\} \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    socket.end();
  });
});

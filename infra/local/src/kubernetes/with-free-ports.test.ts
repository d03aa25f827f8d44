import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';

import { planClusters } from './cluster-plan.js';
import { withFreePorts } from './with-free-ports.js';

it('takes another port only where something else listens', async () => {
  const stranger = createServer();
  await once(stranger.listen(0, '127.0.0.1'), 'listening');
  try {
    const address = stranger.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const [plan] = planClusters('/l', 9);
    if (plan === undefined) throw new Error('no plan');
    const { ports } = await withFreePorts({ ...plan, ports: { ...plan.ports, apiServer: address.port } });
    expect(ports).toEqual({ ...plan.ports, apiServer: expect.any(Number) });
    expect(ports.apiServer).not.toBe(address.port);
  } finally {
    stranger.close();
  }
});

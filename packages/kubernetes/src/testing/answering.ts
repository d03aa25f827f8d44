import { onTestFinished } from 'vitest';
import { type FakeAnswer, type FakeApiServer, startFakeApiServer } from './fake-api-server.js';

/** An API server that answers everything so, until the test ends. */
export async function answering(answer: FakeAnswer): Promise<FakeApiServer> {
  const server = await startFakeApiServer(answer);
  onTestFinished(() => server.stop());
  return server;
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestContext, type TestContext } from '../testing/test-context.js';
import { startFaultServer } from './fault-server.js';

let test: TestContext;
let url: string;
let done: string[];

beforeEach(async () => {
  test = createTestContext();
  done = [];
  url = await startFaultServer(test.context, {
    redis: { kill: async () => void done.push('redis killed') },
    'east/etcd': {
      kill: async () => void done.push('etcd killed'),
      restore: () => Promise.reject(new Error('no copy')),
    },
  });
});
afterEach(async () => {
  await test.stopAll();
  test.remove();
});

describe('the fault server', () => {
  it.each([
    { path: '/redis/kill', answer: [204, ''], expected: ['redis killed'] },
    { path: '/east/etcd/kill', answer: [204, ''], expected: ['etcd killed'] },
    { path: '/east/etcd/restore', answer: [500, '✗ no copy'], expected: [] },
    { path: '/east/etcd/toString', answer: [404, 'no such fault'], expected: [] },
    { path: '/east/kill', answer: [404, 'no such fault'], expected: [] },
    { path: '/', answer: [404, 'no such fault'], expected: [] },
  ])('answers POST $path with $answer', async ({ path, answer, expected }) => {
    const response = await fetch(url + path, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual(answer);
    expect(done).toEqual(expected);
  });

  it('does nothing for who only looks', async () => {
    expect((await fetch(`${url}/redis/kill`)).status).toBe(404);
    expect(done).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { createCheckingTurns } from './checking-turns.js';

function world() {
  const turns = createCheckingTurns();
  const begun: string[] = [];
  const requests = new Map<string, object>();
  const take = async (caller: string, name: string) => {
    const request = {};
    requests.set(name, request);
    await turns.take(caller, request);
    begun.push(name);
  };
  const end = async (name: string) => {
    turns.end(requests.get(name) ?? {});
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, take, end };
}

it('documents are checked one at a time, each caller’s in turn', async () => {
  const { begun, take, end } = world();
  const taken = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => take(name.charAt(0), name));
  await taken[0];
  const expected = ['a1', 'a2', 'b1', 'c1', 'a3', 'b2'];
  for (const name of expected) await end(name);
  await Promise.all(taken);
  expect(begun).toEqual(expected);
});

it('a turn that has ended cannot end that of another', async () => {
  const { begun, take, end } = world();
  const taken = ['a1', 'a2', 'a3'].map((name) => take('a', name));
  await taken[0];
  await end('a1');
  await end('a1');
  await end('a3');
  expect(begun).toEqual(['a1', 'a2']);
});

it('only so many of one caller wait', async () => {
  const { take } = world();
  await take('a', 'a');
  for (let i = 0; i < 100; i += 1) void take('a', `a${i}`);
  await expect(take('a', 'last')).rejects.toThrow('Too many documents');
  void take('b', 'b');
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCheckingTime } from './checking-time.js';
import { CheckingTurns } from './checking-turns.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function world() {
  const time = { nowMs: 0 };
  const nowMs = () => time.nowMs;
  const turns = new CheckingTurns(createCheckingTime(150, nowMs), nowMs);
  const begun: string[] = [];
  const requests = new Map<string, symbol>();
  const take = async (caller: string, name: string) => {
    const request = Symbol(name);
    requests.set(name, request);
    await turns.take(caller, request);
    begun.push(name);
  };
  const end = async (name: string) => {
    turns.end(requests.get(name) ?? Symbol(name));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const spend = (name: string, ms: number) =>
    turns.measure(requests.get(name) ?? Symbol(name), () => (time.nowMs += ms));
  return { begun, take, end, spend };
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
  for (let i = 0; i < 1_000; i += 1) void take('a', `a${i}`);
  await expect(take('a', 'last')).rejects.toThrow('Too many documents');
  void take('b', 'b');
});

it('a document that took long makes its caller pause, and nobody else', async () => {
  const { begun, take, end, spend } = world();
  const taken = ['a1', 'a2', 'b1'].map((name) => take(name.charAt(0), name));
  await taken[0];
  spend('a1', 22);
  await end('a1');
  await end('b1');
  await vi.advanceTimersByTimeAsync(379);
  expect(begun).toEqual(['a1', 'b1']);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a1', 'b1', 'a2']);
});

it('whoever has used up the time is refused, also when his turn has come', async () => {
  const { begun, take, end, spend } = world();
  const taken = ['a1', 'a2', 'b1'].map((name) => take(name.charAt(0), name));
  await taken[0];
  for (let i = 0; i < 50; i += 1) spend('a1', 20);
  await end('a1');
  await end('b1');
  expect(begun).toEqual(['a1', 'b1']);
  const refused = taken[1]?.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await refused).toMatchObject({ code: 'RATE_LIMITED' });
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { paceMessages } from './pace-messages.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function paced() {
  const socket = { readyState: 1, OPEN: 1, bufferedAmount: 0, pause: vi.fn<() => void>(), resume: vi.fn<() => void>() };
  return { socket, pace: paceMessages(socket as unknown as WebSocket) };
}

it.each([
  ['short messages', 1_000, 0],
  ['messages of 1 MiB, which count as 129', 8, 1024 * 1024],
])('a socket is read from until it has sent too many %s, and then again', (_, most, bytes) => {
  const { socket, pace } = paced();
  for (let i = 1; i < most; i += 1) pace(bytes);
  expect(socket.pause).not.toHaveBeenCalled();
  pace(bytes);
  expect(socket.pause).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(socket.resume).toHaveBeenCalledTimes(1);
});

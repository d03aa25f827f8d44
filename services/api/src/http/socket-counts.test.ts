import { describe, expect, it } from 'vitest';
import { createSocketCounts } from './socket-counts.js';

const LIMITS = { perCaller: 2, perOrganization: 3, perAddress: 4 };

describe('sockets are counted', () => {
  it('by their address', () => {
    const counts = createSocketCounts(LIMITS);
    const sockets = [1, 2, 3, 4].map(() => counts.enter('1.1.1.1'));
    expect([counts.isFull('1.1.1.1'), counts.isFull('2.2.2.2')]).toEqual([true, false]);
    sockets[0]!.leave();
    expect(counts.isFull('1.1.1.1')).toBe(false);
  });

  it('by their caller and its organization', () => {
    const counts = createSocketCounts(LIMITS);
    const enter = (caller: string, organization: string) => {
      const socket = counts.enter('1.1.1.1');
      try {
        socket.belongTo(caller, organization);
      } catch (error) {
        socket.leave();
        throw error;
      }
      return socket;
    };
    const first = enter('a', 'acme');
    enter('a', 'acme');
    expect(() => enter('a', 'acme')).toThrow('A key can have at most 2');
    enter('b', 'acme');
    expect(() => enter('b', 'acme')).toThrow('An organization can have at most 3');
    enter('b', 'other');
    first.leave();
    enter('a', 'acme');
  });

  it('by their address until they say who they are', () => {
    const counts = createSocketCounts({ perCaller: 1_000, perOrganization: 1_000, perAddress: 1_000 });
    const sockets = Array.from({ length: 500 }, () => counts.enter('1.1.1.1'));
    expect(counts.isFull('1.1.1.1')).toBe(true);
    sockets[0]!.belongTo('a', 'acme');
    expect(counts.isFull('1.1.1.1')).toBe(false);
    sockets[0]!.leave();
    sockets[1]!.leave();
    counts.enter('1.1.1.1');
    expect(counts.isFull('1.1.1.1')).toBe(false);
    counts.enter('1.1.1.1');
    expect(counts.isFull('1.1.1.1')).toBe(true);
  });

  it('once, however often they are given back', () => {
    const counts = createSocketCounts({ ...LIMITS, perAddress: 1 });
    const socket = counts.enter('1.1.1.1');
    counts.enter('1.1.1.1');
    socket.leave();
    socket.leave();
    expect(counts.isFull('1.1.1.1')).toBe(true);
  });
});

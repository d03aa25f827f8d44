import { RateLimited } from '../rate-limited.js';

export interface SocketLimits {
  /** Of one key. */
  readonly perCaller: number;
  readonly perOrganization: number;
  readonly perAddress: number;
}

/** Of one address, that have not said who they are. */
const MAX_STRANGERS = 500;

export interface SocketCounts {
  /** Whether one more of the address would be too many. */
  isFull(address: string): boolean;
  /** Counts a socket until it is given back. */
  enter(address: string): EnteredSocket;
}

export interface EnteredSocket {
  /** Counts it for whoever it turned out to be. Throws RATE_LIMITED. */
  belongTo(caller: string, organizationId: string): void;
  leave(): void;
}

/** How many sockets there are, by whom, at this process. */
export function createSocketCounts({ perCaller, perOrganization, perAddress }: SocketLimits): SocketCounts {
  const counts = new Map<string, number>();
  const add = (key: string, amount: 1 | -1): void => {
    const count = (counts.get(key) ?? 0) + amount;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  const addUpTo = (key: string, limit: number, whose: string): void => {
    if ((counts.get(key) ?? 0) >= limit) throw new RateLimited(`${whose} can have at most ${limit} sockets at once`);
    add(key, 1);
  };
  return {
    isFull: (address) =>
      (counts.get(`address ${address}`) ?? 0) >= perAddress ||
      (counts.get(`strangers ${address}`) ?? 0) >= MAX_STRANGERS,
    enter: (address) => {
      const entered = [`address ${address}`, `strangers ${address}`];
      for (const key of entered) add(key, 1);
      return {
        belongTo: (caller, organizationId) => {
          addUpTo(`caller ${caller}`, perCaller, 'A key');
          entered.push(`caller ${caller}`);
          addUpTo(`organization ${organizationId}`, perOrganization, 'An organization');
          entered.push(`organization ${organizationId}`);
          add(`strangers ${address}`, -1);
          entered.splice(entered.indexOf(`strangers ${address}`), 1);
        },
        leave: () => {
          for (const key of entered.splice(0)) add(key, -1);
        },
      };
    },
  };
}

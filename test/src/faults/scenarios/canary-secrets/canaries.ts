import { randomBytes } from 'node:crypto';

const BYTES = 30;

/** Secrets that are planted, each once, and may stand nowhere afterwards. */
export interface Canaries {
  /** A new one: letters, digits, `-` and `_`. @param name what it is, to be shown */
  plant(name: string): string;
  /** One that is there already, such as a cluster's token. */
  add(name: string, value: string): void;
  all(): Readonly<Record<string, string>>;
}

export function createCanaries(): Canaries {
  const known: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    known[`${Object.keys(known).length + 1}: ${name}`] = value;
  };
  return {
    add,
    plant: (name) => {
      const value = randomBytes(BYTES).toString('base64url');
      add(name, value);
      return value;
    },
    all: () => known,
  };
}

import { inspect } from 'node:util';

/**
 * Text that must never be printed: every way to turn it into a string gives `[redacted]`.
 * `reveal()` is the one way to its content, easy to find in a review.
 */
export class SecretText {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}

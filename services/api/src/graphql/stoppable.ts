/**
 * An iterator over what a generator yields that can be ended while the generator waits: `return` aborts the signal
 * first. A plain generator would be ended only after its wait.
 */
export function stoppable<T>(
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterableIterator<T, void, undefined> {
  const stopping = new AbortController();
  const items = generate(stopping.signal);
  return {
    next: () => items.next(),
    return: () => {
      stopping.abort();
      return items.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** What has been acquired and has to be released, newest first. */
export interface StopStack {
  onStop: (name: string, stop: () => Promise<void>) => void;
  /** Releases everything, each one even if another fails; a second call is the same stop. Gives what went wrong. */
  stopAll: () => Promise<Error[]>;
}

export function createStopStack(): StopStack {
  const entries: { name: string; stop: () => Promise<void> }[] = [];
  let stopping: Promise<Error[]> | undefined;
  const release = async (): Promise<Error[]> => {
    const errors: Error[] = [];
    // Popped one by one: what is still being set up while we stop is released too.
    for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
      const { name, stop } = entry;
      await stop().catch((cause: unknown) => errors.push(new Error(`stopping ${name} failed`, { cause })));
    }
    return errors;
  };
  return {
    onStop: (name, stop) => void entries.push({ name, stop }),
    stopAll: () => (stopping ??= release()),
  };
}

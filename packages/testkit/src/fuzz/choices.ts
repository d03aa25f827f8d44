/** What a generator decides by: the same numbers, the same document. */
export interface Choices {
  /** A whole number from 0 to below. */
  below(count: number): number;
  chance(percent: number): boolean;
  oneOf<T>(items: readonly T[]): T;
}

/** Once the numbers are used up, all choices are the first: whatever is being built comes to its end. */
export function choicesFrom(numbers: readonly number[]): Choices {
  let used = 0;
  const below = (count: number): number => {
    const number = numbers[used] ?? 0;
    used += 1;
    return number % count;
  };
  return {
    below,
    chance: (percent) => below(100) >= 100 - percent,
    oneOf: <T>(items: readonly T[]) => items[below(items.length)]!,
  };
}

const texts = new WeakMap<object, string>();

/** As JSON; of the same object only once. What is given is never changed afterwards. */
export function textOf(value: object | null): string {
  if (value === null) return 'null';
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

/** A secret that was planted, in every form in which it may lie about; `longest` is the most bytes one takes. */
export interface CanaryForms {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** @param value long and random enough not to be found by chance, without its beginning or end too: 20 bytes do */
export function canaryForms(name: string, value: string): CanaryForms {
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].map((offset) => base64Inside(bytes, offset));
  const texts = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams({ value }).toString().slice('value='.length),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return { name, forms: [...new Set(texts)].map((text) => Buffer.from(text, 'utf8')) };
}

/**
 * The characters that are the same whatever stands around it, where it begins `offset` bytes after a multiple of three:
 * a password is also found behind its user name.
 */
function base64Inside(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** Names of those that are there. */
export function canariesIn(canaries: readonly CanaryForms[], bytes: Buffer): string[] {
  return canaries.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ name }) => name);
}

export function longestForm(canaries: readonly CanaryForms[]): number {
  return Math.max(0, ...canaries.flatMap(({ forms }) => forms.map(({ length }) => length)));
}

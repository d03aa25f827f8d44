const OVERHEAD = 16;

/** About how many bytes of memory a value takes that is kept: strings by their characters, all else by its parts. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return OVERHEAD + value.length;
  if (typeof value !== 'object' || value === null) return OVERHEAD;
  let size = OVERHEAD;
  for (const [key, part] of Object.entries(value)) size += key.length + sizeOf(part);
  return size;
}

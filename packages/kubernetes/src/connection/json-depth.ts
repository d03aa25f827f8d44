/** Kubernetes' own objects have some dozens at most. */
const MAX_DEPTH = 500;

/** What is shorter cannot cost much, however deep it is. */
const HARMLESS_CHARACTERS = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Whether JSON is nested deeper than any honest answer: megabytes of brackets become a hundred times as many bytes of
 * objects, and stand still whoever parses them. A tenth of the cost of parsing.
 */
export function isTooDeep(text: string): boolean {
  if (text.length <= HARMLESS_CHARACTERS) return false;
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isText) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

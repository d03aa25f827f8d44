/** A part of an answer that is another each time it is given. */
const VARIES = Symbol('varies');

/** An answer as it came, with the value that was sent, and all that was made up with it. */
export interface SentAnswer {
  readonly text: string;
  readonly value: string;
  /** Names that were sent besides, each another one every time. */
  readonly names: readonly string[];
}

/**
 * How an answer to somebody else's id differs from those to two ids that never were; undefined where it does not. Bytes
 * are compared once the ids are replaced, all three in each, since what the caller stored under one may show with the
 * others; where already those two differ (a time, a new id), all but that is compared.
 */
export function findDifference(foreign: SentAnswer, one: SentAnswer, other: SentAnswer): string | undefined {
  const answers = [foreign, one, other] as const;
  const forms = answers.flatMap(({ value }) => formsOf(value));
  const [text, oneText, otherText] = answers.map((each) => withoutSent(each, forms)) as [string, string, string];
  if (text === oneText || text === otherText) return undefined;
  if (oneText === otherText) return `${shortened(text)} instead of ${shortened(oneText)}`;
  const [answer, oneAnswer, otherAnswer] = [text, oneText, otherText].map(parse);
  const path = findPath(answer, common(oneAnswer, otherAnswer), '');
  return path === undefined ? undefined : `at ${path}: ${shortened(text)} instead of ${shortened(oneText)}`;
}

/** In JSON a value may stand escaped, and that JSON in a text again. */
function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return [escaped, JSON.stringify(escaped).slice(1, -1)];
}

function withoutSent({ text, names }: SentAnswer, forms: readonly string[]): string {
  const nameless = names.reduce((rest, name) => rest.replaceAll(name, '<name>'), text);
  return forms.reduce((rest, form) => rest.replaceAll(form, '<id>'), nameless);
}

/** JSON, with or without the line about its status before it. */
function parse(text: string): unknown {
  const [, head = '', body = text] = /^(\d{3} [^\n]*)\n(.*)$/s.exec(text) ?? [];
  try {
    return [head, JSON.parse(body)];
  } catch {
    return text;
  }
}

function common(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length ? one.map((each, i) => common(each, other[i])) : VARIES;
  }
  if (isRecord(one) && isRecord(other)) {
    const keys = Object.keys(one);
    if (keys.join() !== Object.keys(other).join()) return VARIES;
    return Object.fromEntries(keys.map((key) => [key, common(one[key], other[key])]));
  }
  return one === other ? one : VARIES;
}

/** Where `answer` is not like `pattern`. */
function findPath(answer: unknown, pattern: unknown, path: string): string | undefined {
  if (pattern === VARIES) return undefined;
  if (Array.isArray(answer) && Array.isArray(pattern)) {
    if (answer.length !== pattern.length) return `${path}.length`;
    return firstDefined(answer.map((each, i) => findPath(each, pattern[i], `${path}[${i}]`)));
  }
  if (isRecord(answer) && isRecord(pattern)) {
    if (Object.keys(answer).join() !== Object.keys(pattern).join()) return path === '' ? 'the whole' : path;
    return firstDefined(Object.keys(answer).map((key) => findPath(answer[key], pattern[key], `${path}.${key}`)));
  }
  return answer === pattern ? undefined : path === '' ? 'the whole' : path;
}

function firstDefined(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

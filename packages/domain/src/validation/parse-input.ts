import type { z } from 'zod';
import { type InputIssue, type InputPath, InputRefused } from './issue.js';

const SHOWN_CHARACTERS = 80;

const TYPE_RULES: Readonly<Record<string, string>> = {
  string: 'must be text',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

/**
 * A caller's input as the schema's output.
 * @param isSecret whether the value at a path must not be repeated in a message
 * @throws InputRefused with all issues
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  unsafeInput: unknown,
  isSecret: (path: InputPath) => boolean = () => false,
): z.output<Schema> {
  const parsed = schema.safeParse(unsafeInput);
  if (parsed.success) return parsed.data;
  throw new InputRefused(parsed.error.issues.map((issue) => inputIssue(issue, unsafeInput, isSecret)));
}

function inputIssue(issue: z.core.$ZodIssue, unsafeInput: unknown, isSecret: (path: InputPath) => boolean): InputIssue {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const value = valueAt(unsafeInput, path);
  const shown = isSecret(path) ? '' : showValue(value);
  return { path, code: issueCode(issue), message: `${fieldName(path)} ${brokenRule(issue, value)}${shown}` };
}

function issueCode(issue: z.core.$ZodIssue): string {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? code : 'INVALID';
}

function brokenRule(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  if (value === undefined || value === null) return 'is required';
  return TYPE_RULES[issue.expected] ?? issue.message;
}

/** `['env', 2, 'name']` as `env[2].name`. */
function fieldName(path: InputPath): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return name === '' ? 'The input' : name.replace(/^\./, '');
}

function valueAt(unsafeInput: unknown, path: InputPath): unknown {
  let value = unsafeInput;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Only plain values are shown: an object or a list may hold a secret deeper down. */
function showValue(value: unknown): string {
  if (typeof value === 'string') return `; got ${quote(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `; got ${value}` : '';
}

function quote(text: string): string {
  // Two code units at most make a character; one more tells whether anything is cut off.
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 1));
  if (characters.length <= SHOWN_CHARACTERS) return JSON.stringify(text);
  return `${JSON.stringify(characters.slice(0, SHOWN_CHARACTERS).join(''))}…`;
}

import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { errorText } from './error-text.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration from environment variables. Each variable may be given as a file instead, by `<NAME>_FILE`: its
 * content without the last line break. An empty variable counts as not set.
 * @param schema an object schema whose keys are the variables' names
 * @throws Error that names every variable that is missing or wrong, and shows no value
 */
export function parseEnvironment<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
): z.output<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = readVariable(name, env);
      if (value !== undefined) values[name] = value;
    } catch (error) {
      problems.push(`${name}: ${errorText(error)}`);
    }
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new Error(`Environment: ${[...problems, ...describeIssues(parsed, problems)].join('; ')}`);
}

function readVariable(name: string, env: Environment): string | undefined {
  const value = env[name] ?? '';
  const file = env[`${name}_FILE`] ?? '';
  if (value !== '' && file !== '') throw new Error(`set it or ${name}_FILE, not both`);
  if (file === '') return value === '' ? undefined : value;
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

/** A variable whose reading failed is already told of; its absence is no second problem. */
function describeIssues(parsed: z.ZodSafeParseResult<unknown>, told: readonly string[]): string[] {
  if (parsed.success) return [];
  return parsed.error.issues
    .map((issue) => `${String(issue.path[0] ?? '')}: ${issue.message}`)
    .filter((text) => !told.some((known) => known.startsWith(`${text.split(':', 1)[0]}:`)));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnvironment } from './config.js';

const schema = z.object({
  DATABASE_URL: z.string(),
  PORT: z.coerce.number().int().max(65_535).default(4000),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
});

describe('parseEnvironment', () => {
  let dir: string;
  let file: string;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'config-'));
    file = join(dir, 'database-url');
    writeFileSync(file, 'postgres://from-file\n');
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  it('reads variables, with defaults for what is not set or empty', () => {
    const env = { DATABASE_URL: 'postgres://a', PORT: '80', LOG_LEVEL: '', HOME: '/root' };
    expect(parseEnvironment(schema, env)).toEqual({ DATABASE_URL: 'postgres://a', PORT: 80, LOG_LEVEL: 'info' });
  });

  it('reads a variable from a file, without the line break at its end', () => {
    expect(parseEnvironment(schema, { DATABASE_URL_FILE: file }).DATABASE_URL).toBe('postgres://from-file');
  });

  it('names everything that is wrong at once, and shows no value', () => {
    const message = messageOf({ DATABASE_URL: 'hunter2', DATABASE_URL_FILE: file, PORT: 'hunter2', LOG_LEVEL: 'loud' });
    expect(message).toMatch(
      /^Environment: DATABASE_URL: .*not both; PORT: .*number.*; LOG_LEVEL: .*"info"\|"debug"[^;]*$/,
    );
    expect(message).not.toContain('hunter2');
  });

  it('names what is missing, once', () => {
    expect(messageOf({})).toMatch(/^Environment: DATABASE_URL: [^;]*$/);
    expect(messageOf({ DATABASE_URL_FILE: join(dir, 'nothing') })).toMatch(/^Environment: DATABASE_URL: [^;]*ENOENT/);
  });
});

function messageOf(env: Record<string, string>): string {
  try {
    parseEnvironment(schema, env);
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
}

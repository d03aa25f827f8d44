import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMigrations } from './migration-files.js';
import { findBlockingForms, RULE_NAMES } from './migration-rules.js';

const folder = new URL('../../../migrations/', import.meta.url);
const B = '--> statement-breakpoint\n';

const refused = {
  'drop-column': ['ALTER TABLE "jobs" DROP COLUMN "name";', 'alter table jobs\n  drop column if exists name'],
  'drop-table': ['DROP TABLE "jobs" CASCADE;'],
  rename: [
    'ALTER TABLE "jobs" RENAME COLUMN "a" TO "b";',
    'ALTER TABLE "jobs" RENAME TO "tasks";',
    'ALTER TABLE "jobs" RENAME "a" TO "b";',
  ],
  'change-type': [
    'ALTER TABLE "jobs" ALTER COLUMN "a" SET DATA TYPE bigint;',
    'ALTER TABLE "jobs" ALTER "a" TYPE text;',
  ],
  'drop-default': ['ALTER TABLE "jobs" ALTER COLUMN "a" DROP DEFAULT;'],
  'not-null-without-default': [
    'ALTER TABLE "jobs" ADD COLUMN "a" text NOT NULL;',
    'ALTER TABLE "jobs" ADD COLUMN "a" text DEFAULT \'\' NOT NULL, ADD COLUMN "b" text NOT NULL;',
  ],
  'set-not-null': ['ALTER TABLE "jobs" ALTER COLUMN "a" SET NOT NULL;'],
  'rewrites-table': [
    'ALTER TABLE "jobs" ADD COLUMN "a" uuid DEFAULT gen_random_uuid();',
    'ALTER TABLE "jobs" ADD COLUMN "a" bigserial;',
    'ALTER TABLE "jobs" ADD COLUMN "a" int GENERATED ALWAYS AS (b + 1) STORED;',
  ],
  index: ['CREATE INDEX "i" ON "jobs" USING btree ("a");', 'CREATE UNIQUE INDEX IF NOT EXISTS "i" ON "jobs" ("a");'],
  unique: ['ALTER TABLE "jobs" ADD CONSTRAINT "u" UNIQUE("a");', 'ALTER TABLE "jobs" ADD PRIMARY KEY ("a");'],
  'validated-at-once': [
    'ALTER TABLE "jobs" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "b"("id");',
    'ALTER TABLE "jobs" ADD CONSTRAINT "c" CHECK (a > 0);',
    'ALTER TABLE "jobs" ADD COLUMN "a" text REFERENCES "b"("id");',
  ],
  'locks-table': ['LOCK TABLE jobs;', 'TRUNCATE jobs;', 'REINDEX TABLE jobs;', 'VACUUM FULL jobs;'],
  'changes-rows': ['UPDATE "jobs" SET a = 1;', 'DELETE FROM jobs WHERE a = 1;'],
  concurrently: [
    'CREATE INDEX CONCURRENTLY "i" ON "jobs" ("a");',
    '-- no transaction\nCREATE INDEX CONCURRENTLY "i" ON "jobs" ("a");',
    `-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS "j";${B}CREATE INDEX CONCURRENTLY "i" ON "jobs" ("a");`,
  ],
  'no-transaction': ['-- no transaction\nALTER TABLE "jobs" ADD COLUMN "a" text;'],
} as const;

const taken = [
  'ALTER TABLE "jobs" ADD COLUMN "a" text;',
  'ALTER TABLE "jobs" ADD COLUMN "a" boolean DEFAULT false NOT NULL;',
  'ALTER TABLE "jobs" ADD COLUMN "at" timestamp (3) with time zone DEFAULT now() NOT NULL;',
  'ALTER TABLE "jobs" ALTER COLUMN "a" SET DEFAULT 1;',
  'ALTER TABLE "jobs" ALTER COLUMN "a" DROP NOT NULL;',
  'ALTER TABLE "jobs" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID;',
  'ALTER TABLE "jobs" VALIDATE CONSTRAINT "c";',
  'ALTER TABLE "jobs" ADD CONSTRAINT "u" UNIQUE USING INDEX "i";',
  `CREATE TABLE "t" ("a" text NOT NULL);${B}CREATE UNIQUE INDEX "i" ON "t" ("a");${B}INSERT INTO "t" VALUES ('x');`,
  `CREATE TABLE "t" ("a" text);${B}ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "b"("id");`,
  `-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS "i";${B}CREATE INDEX CONCURRENTLY "i" ON "jobs" ("a");`,
  '-- allow index: a table of some tens of rows\nCREATE INDEX "i" ON "clusters" ("a");',
  '-- DROP TABLE jobs\nALTER TABLE "jobs" ADD COLUMN "a" text;',
];

describe('a migration', () => {
  it.each(Object.entries(refused))('is refused for %s', (rule, examples) => {
    for (const sql of examples) expect(findBlockingForms(sql).map((found) => found.split(':')[0])).toContain(rule);
  });

  it('has an example for each rule', () => {
    expect(new Set(Object.keys(refused))).toEqual(RULE_NAMES);
  });

  it.each(taken)('is taken: %s', (sql) => {
    expect(findBlockingForms(sql)).toEqual([]);
  });

  it('is refused where what allows it names another rule, or gives no reason', () => {
    const sql = 'CREATE INDEX "i" ON "jobs" ("a");';
    for (const allowance of ['-- allow unique: small', '-- allow index:', '-- allow index'])
      expect(findBlockingForms(`${allowance}\n${sql}`)).toHaveLength(1);
  });
});

describe('the migrations after the first', () => {
  const later = readMigrations().slice(1);

  it.each(later.map(({ tag }) => tag))('%s keeps nobody out, and services of the version before work on', (tag) => {
    expect(findBlockingForms(readFileSync(new URL(`${tag}.sql`, folder), 'utf8'))).toEqual([]);
  });

  it('are all in the journal', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    expect(files.toSorted()).toEqual(readMigrations().map(({ tag }) => `${tag}.sql`));
  });

  it('are newer one by one: an older one would never be applied', () => {
    const times = readMigrations().map(({ whenMs }) => whenMs);
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
  });
});

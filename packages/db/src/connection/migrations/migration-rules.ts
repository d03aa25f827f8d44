import { NO_TRANSACTION } from './migration-files.js';

const BREAKPOINT = '--> statement-breakpoint';
/** `-- allow <rule>: <why>` before a statement, on a line of its own. */
const ALLOWANCE = /^-- allow ([a-z-]+): \S.*$/gm;

/** A form of statement that breaks services of the version before, or locks others out for as long as it works. */
interface Rule {
  readonly name: string;
  readonly finds: (sql: string, context: RuleContext) => boolean;
}

interface RuleContext {
  /** Nobody uses a table that the same migration makes. */
  readonly isNew: (table: string) => boolean;
  readonly isTransaction: boolean;
  /** All statements before this one. */
  readonly before: readonly string[];
}

const pattern = (name: string, expression: RegExp): Rule => ({ name, finds: (sql) => expression.test(sql) });

/** On a table that was there before. The first group of the expression is the table. */
const onOldTable = (name: string, expression: RegExp, unless?: RegExp): Rule => ({
  name,
  finds: (sql, { isNew }) => {
    const table = expression.exec(sql)?.[1];
    return table !== undefined && !isNew(table) && unless?.test(sql) !== true;
  },
});

const TABLE = '(?:only )?(?:if exists )?"?(\\w+)"?';
const altered = (change: string) => new RegExp(`^alter table ${TABLE} .*\\b${change}`);

const RULES: readonly Rule[] = [
  // Services of the version before still read and write it.
  onOldTable('drop-column', altered('drop (?:column|if exists)')),
  pattern('drop-table', /^drop (?:table|view|sequence|type|schema)\b/),
  pattern('rename', /\brename (?:to|column|constraint|"?\w+"? to)\b/),
  onOldTable('change-type', altered('alter (?:column )?"?\\w+"? (?:set data )?type\\b')),
  onOldTable('drop-default', altered('drop default\\b')),
  // They do not know of it, and insert rows without it.
  {
    name: 'not-null-without-default',
    finds: (sql, { isNew }) => {
      const table = altered('add (?:column )?').exec(sql)?.[1];
      if (table === undefined || isNew(table)) return false;
      return sql
        .split(/,(?=\s*add )|(?=\badd column)/)
        .some((part) => /\badd (?!constraint)/.test(part) && / not null\b/.test(part) && !/ default /.test(part));
    },
  },
  onOldTable('set-not-null', altered('set not null\\b')),
  // These work through the whole table while nobody else may read or write it.
  onOldTable(
    'rewrites-table',
    altered(
      'add (?:column )?.*(?:serial\\b|generated always as (?!identity)|as identity|default (?:clock_timestamp|random|nextval|gen_random_uuid|uuidv7))',
    ),
  ),
  onOldTable('index', /^create (?:unique )?index (?!concurrently).*? on (?:only )?"?(\w+)"?/),
  onOldTable('unique', altered('add (?:constraint "?\\w+"? )?(?:unique|primary key|exclude)\\b'), / using index /),
  onOldTable('validated-at-once', altered('add (?:constraint "?\\w+"? )?(?:check|foreign key)\\b'), / not valid$/),
  onOldTable('validated-at-once', altered('add column .* references\\b')),
  pattern(
    'locks-table',
    /^(?:lock|truncate|cluster|reindex(?! .*concurrently)|vacuum full|refresh materialized view(?! concurrently))\b/,
  ),
  // However many rows there are: in steps, by a service.
  onOldTable('changes-rows', /^(?:with .*)?(?:update|delete from|insert into) (?:only )?"?(\w+)"?/),
  // It leaves an index that is not valid where it is broken off; run again, it must begin anew.
  {
    name: 'concurrently',
    finds: (sql, { isTransaction, before }) => {
      const name = /^create (?:unique )?index concurrently (?:if not exists )?"?(\w+)"?/.exec(sql)?.[1];
      if (name === undefined) return false;
      const isDroppedFirst = before.some((one) =>
        new RegExp(`^drop index concurrently if exists "?${name}"?$`).test(one),
      );
      return isTransaction || !isDroppedFirst;
    },
  },
  {
    name: 'no-transaction',
    finds: (sql, { isTransaction }) => !isTransaction && !/ concurrently | validate constraint /.test(sql),
  },
];

export const RULE_NAMES: ReadonlySet<string> = new Set(RULES.map(({ name }) => name));

/**
 * What of a migration would break services of the version before, or keep others waiting for long. A line
 * `-- allow <rule>: <why>` before the statement allows it.
 * @param text of the file
 * @returns `<rule>: <statement>` for each
 */
export function findBlockingForms(text: string): string[] {
  const parts = text.split(BREAKPOINT);
  const statements = parts.map(plain);
  const made = new Set(statements.flatMap((sql) => /^create table (?:if not exists )?"?(\w+)"?/.exec(sql)?.[1] ?? []));
  const isTransaction = !text.startsWith(NO_TRANSACTION);
  return parts.flatMap((part, i) => {
    const sql = statements[i] ?? '';
    const context = { isNew: (table: string) => made.has(table), isTransaction, before: statements.slice(0, i) };
    const allowed = new Set(Array.from(part.matchAll(ALLOWANCE), ([, name]) => name));
    const found = RULES.filter(({ name, finds }) => sql !== '' && !allowed.has(name) && finds(sql, context));
    return [...new Set(found.map(({ name }) => `${name}: ${sql}`))];
  });
}

/** In small letters and on one line, without comments. */
function plain(part: string): string {
  return part
    .replace(/--.*$/gm, ' ')
    .replace(/\/\*.*?\*\//gs, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/;$/, '')
    .toLowerCase();
}

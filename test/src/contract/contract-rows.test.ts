import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractRows } from './contract-rows.js';

const root = new URL('../../../', import.meta.url);

/** `Query.job` and so on: all fields of the three root types. */
function listOperations(schema: string): string[] {
  return [...schema.matchAll(/^type (Query|Mutation|Subscription) \{\n(.*?)^\}/gms)].flatMap(([, type, body = '']) =>
    [...body.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, field]) => `${type}.${field}`),
  );
}

describe('the contract', () => {
  it.each(contractRows)('is held by tests that are there: $row: $rule', ({ tests }) => {
    expect(tests).not.toEqual([]);
    for (const { file, title } of tests) {
      const path = new URL(file, root);
      expect(existsSync(path), `${file} is not there`).toBe(true);
      expect(readFileSync(path, 'utf8').includes(title), `${file} has no test "${title}"`).toBe(true);
    }
  });

  it('has each rule once', () => {
    const rules = contractRows.map(({ row, rule }) => `${row}: ${rule}`);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('has a row for each operation of the schema', () => {
    const operations = listOperations(readFileSync(new URL('schema.graphql', root), 'utf8'));
    expect(operations).toEqual(expect.arrayContaining(['Query.viewer', 'Mutation.createJob', 'Subscription.jobLogs']));
    const rows = new Set(contractRows.map(({ row }) => row));
    expect(operations.filter((operation) => !rows.has(operation))).toEqual([]);
  });
});

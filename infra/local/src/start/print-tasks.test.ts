import { describe, expect, it } from 'vitest';

import { tableLines } from './print-tasks.js';

describe('tableLines', () => {
  it('sets cells in columns, without blanks at the ends of lines', () => {
    const rows = [
      ['task', 'status', 'node'],
      ['0', 'SUCCEEDED', 'local-east'],
      ['10', 'FAILED', '–'],
    ];
    expect(tableLines(rows)).toEqual(['task  status     node', '0     SUCCEEDED  local-east', '10    FAILED     –']);
  });
});

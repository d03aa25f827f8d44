import type { CclusterClient, Task } from '@ccluster/client';

/** Prints a job's tasks with each attempt, its exit code and node. */
export async function printTasks(client: CclusterClient, id: string, print: (line: string) => void): Promise<void> {
  const rows = [['task', 'status', 'attempt', 'pod', 'exit code', 'node']];
  for await (const task of client.tasks(id)) rows.push(...taskRows(task));
  tableLines(rows).forEach(print);
}

function taskRows({ index, status, attempts }: Task): string[][] {
  return attempts.map((pod) =>
    [index, status, pod.attempt, pod.status, pod.exitCode ?? '–', pod.nodeName ?? '–'].map(String),
  );
}

/** Rows in columns as wide as their widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

import { z } from 'zod';

import type { GraphqlClient } from './graphql-client.js';

const JOB = `query ($id: ID!) { job(id: $id) {
  status
  reason { code message }
  tasks(first: 50) { edges { node { index status attempts { attempt status exitCode nodeName } } } }
} }`;

const taskSchema = z.object({
  index: z.number(),
  status: z.string(),
  attempts: z.array(
    z.object({
      attempt: z.number(),
      status: z.string(),
      exitCode: z.number().nullable(),
      nodeName: z.string().nullable(),
    }),
  ),
});
const jobSchema = z.object({
  job: z.object({
    status: z.string(),
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    tasks: z.object({ edges: z.array(z.object({ node: taskSchema })) }),
  }),
});

/** Prints a job's tasks with each attempt, its exit code and node; gives the job's status. */
export async function printTasks(client: GraphqlClient, id: string, print: (line: string) => void): Promise<string> {
  const { job } = await client.request(JOB, { id }, jobSchema);
  tableLines(job.tasks.edges.map(({ node }) => node)).forEach(print);
  print(`the sample job ${job.status}${job.reason === null ? '' : ` (${job.reason.code}: ${job.reason.message})`}`);
  return job.status;
}

/** One line per attempt under a heading, in columns. */
export function tableLines(tasks: readonly z.infer<typeof taskSchema>[]): string[] {
  const rows = tasks.flatMap((task) =>
    task.attempts.map(({ attempt, status, exitCode, nodeName }) =>
      [task.index, task.status, attempt, status, exitCode ?? '–', nodeName ?? '–'].map(String),
    ),
  );
  const table = [['task', 'status', 'attempt', 'pod', 'exit code', 'node'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

import type { CclusterClient, JobEvent, LogLine, Task } from '@ccluster/client';

export async function allLogLines(client: CclusterClient, jobId: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of client.followLogs(jobId)) lines.push(...batch.lines);
  return lines;
}

export async function allEvents(client: CclusterClient, jobId: string, after?: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const event of client.followEvents(jobId, after)) events.push(event);
  return events;
}

export async function allTasks(client: CclusterClient, jobId: string): Promise<Task[]> {
  const tasks: Task[] = [];
  for await (const task of client.tasks(jobId)) tasks.push(task);
  return tasks;
}

/** Lines as `index/attempt text`, in order. */
export function texts(lines: readonly LogLine[]): string[] {
  return lines.map(({ index, attempt, text }) => `${index}/${attempt} ${text}`);
}

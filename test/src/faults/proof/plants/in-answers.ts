import { formatEventCursor } from '../../checker/event-follower.js';
import { readHistory, type HistoryEntry } from '../../history.js';
import { appendToHistory, nameInCluster, type Ground, type Plant } from '../ground.js';
import { FOLLOWER } from '../proof-jobs.js';

export const inAnswers: readonly Plant[] = [
  {
    what: 'an event that a subscriber is given twice',
    plant: async (ground) => {
      appendToHistory(ground, await lastOf(ground, 'EVENT'));
      return [{ rule: 'P7 events', subject: `${ground.jobs.good.id} ${FOLLOWER}` }];
    },
  },
  {
    what: 'a line that a subscriber is given twice',
    plant: async (ground) => {
      appendToHistory(ground, await lastOf(ground, 'LINE'));
      return [{ rule: 'P8 logs', subject: `${ground.jobs.good.id} ${FOLLOWER}` }];
    },
  },
  {
    what: 'an event that a second subscriber is not given',
    plant: async (ground) => {
      const { id } = ground.jobs.doubled;
      const event = { op: 'EVENT', subscriber: 'second', jobId: id, status: 'QUEUED' } as const;
      appendToHistory(ground, { ...event, cursor: formatEventCursor(id, 1), type: 'CREATED' });
      appendToHistory(ground, { ...event, cursor: formatEventCursor(id, 3), type: 'DISPATCHED' });
      return [{ rule: 'P7 events', subject: `${id} second` }];
    },
  },
  {
    what: 'a pod that has the index of another',
    plant: async (ground) => {
      const hostname = `${nameInCluster(ground.jobs.good)}-1`;
      const beacon = { jobToken: 'planted', index: 0, completions: 2, hostname, cluster: 'nowhere' };
      appendToHistory(ground, { op: 'BEACON', ...beacon });
      // It also ran, and no attempt tells of it.
      return [
        { rule: 'P9 reserved variables', subject: hostname },
        { rule: 'P8 logs', subject: ground.jobs.good.id },
      ];
    },
  },
];

async function lastOf({ historyPath }: Ground, op: 'EVENT' | 'LINE'): Promise<HistoryEntry> {
  let last: HistoryEntry | undefined;
  for await (const entry of readHistory(historyPath)) if (entry.op === op) last = entry;
  if (last === undefined) throw new Error(`The history has no ${op}`);
  return last;
}

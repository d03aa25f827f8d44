import { expect, it } from 'vitest';
import { EventIndex } from './event-index.js';

const event = (atMs: number, message: string) => ({
  subjectUid: 'pod-uid',
  reason: 'Pulling',
  message,
  atMs,
  start: null,
});
const added = (item: ReturnType<typeof event>) => ({ key: `jobs/${item.message}`, uid: item.message, item });
const removed = (previous: ReturnType<typeof event>) => ({
  key: `jobs/${previous.message}`,
  uid: previous.message,
  previous,
});

it('keeps the newest event of each reason, until the cluster forgets it', () => {
  const index = new EventIndex();
  const newest = event(2, 'newest');
  const older = event(1, 'older');
  expect(index.apply([added(newest)])).toEqual(new Set(['pod-uid']));
  expect(index.apply([added(older)])).toEqual(new Set());
  expect(index.eventsOf('pod-uid').get('Pulling')).toBe(newest);
  index.apply([removed(older)]);
  expect(index.eventsOf('pod-uid').get('Pulling')).toBe(newest);
  index.apply([removed(newest)]);
  expect(index.eventsOf('pod-uid').size).toBe(0);
});

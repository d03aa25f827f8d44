import { describe, expect, it } from 'vitest';

import type { HistoryOperation } from '../../history.js';
import { formatEventCursor } from '../event-follower.js';
import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { evidenceOf, getJob, type Story } from '../testing/story.js';
import { checkEvents } from './events.js';

function findDelivery(story: Story, type: string): number {
  return story.history.findIndex(([, entry]) => entry.op === 'EVENT' && entry.jobId === 'good' && entry.type === type);
}

function deliver(sequence: number, type: string): HistoryOperation {
  const cursor = formatEventCursor('good', sequence);
  return { op: 'EVENT', subscriber: 'late', jobId: 'good', cursor, type, status: 'RUNNING' };
}

const podEvent = { type: 'POD_CHANGED', status: 'RUNNING', podId: 'p', podStatus: 'RUNNING', message: 'runs' };

describe('that events are told once and in order', () => {
  it.each<Planted>([
    [
      'a hole at the end',
      (story) => void (getJob(story, 'waits').eventSequence = 2),
      ['P7 events', 'waits', 'has 1 events and counts 2'],
    ],
    [
      'a hole in the middle',
      (story) => {
        getJob(story, 'good').events.splice(1, 1);
        story.history.splice(0, story.history.length);
      },
      ['P7 events', 'good', 'after event 1 is stored event 3'],
    ],
    [
      'an event that is stored twice',
      (story) => {
        const { events } = getJob(story, 'waits');
        events.push({ ...events[0]!, sequence: 2 });
        getJob(story, 'waits').eventSequence = 2;
      },
      ['P7 events', 'waits', 'has two events CREATED'],
    ],
    [
      'a change of a pod that is told twice',
      (story) => {
        const { events } = getJob(story, 'waits');
        events.push({ ...podEvent, sequence: 2 }, { ...podEvent, sequence: 3 });
        getJob(story, 'waits').eventSequence = 3;
      },
      ['P7 events', 'waits', 'event 3 tells again what was told of p'],
    ],
    [
      'an event after FINISHED',
      (story) => {
        story.history.splice(0, story.history.length);
        getJob(story, 'good').events.push({ ...podEvent, sequence: 6 });
        getJob(story, 'good').eventSequence = 6;
      },
      ['P7 events', 'good', 'is ENDED and its last event is POD_CHANGED'],
    ],
    [
      'an event that a subscriber was not given',
      (story) => void story.history.splice(findDelivery(story, 'DISPATCHED'), 1),
      ['P7 events', 'good all', 'after event 2 came event 4'],
    ],
    [
      'an event that a subscriber was given twice',
      (story) => {
        const at = findDelivery(story, 'DISPATCHED');
        story.history.splice(at, 0, story.history[at]!);
      },
      ['P7 events', 'good all', 'after event 3 came event 3'],
    ],
    [
      'events in another order',
      (story) => {
        const at = findDelivery(story, 'DISPATCHED');
        story.history.splice(at, 2, story.history[at + 1]!, story.history[at]!);
      },
      ['P7 events', 'good all', 'after event 2 came event 4'],
    ],
    [
      'an event that is not the one that is stored',
      (story) => {
        const { events } = getJob(story, 'good');
        events[1] = { ...events[1]!, status: 'STARTING' };
      },
      ['P7 events', 'good all', 'was given other events 1 to 5 than are stored'],
    ],
    [
      'a subscription that is completed too early',
      (story) => void story.history.splice(findDelivery(story, 'FINISHED'), 1),
      ['P7 events', 'good all', 'was completed after event 4 of 5'],
    ],
    [
      'a subscription that is not completed',
      (story) =>
        void story.history.splice(
          story.history.findIndex(([, entry]) => entry.op === 'EVENTS_COMPLETED' && entry.jobId === 'good'),
          1,
        ),
      ['P7 events', 'good all', 'was not completed: event 5 of 5 was the last'],
    ],
    [
      'an event of another job',
      (story) => {
        const at = findDelivery(story, 'DISPATCHED');
        const [time, entry] = story.history[at]!;
        story.history[at] = [time, { ...entry, cursor: formatEventCursor('bad', 3) } as HistoryOperation];
      },
      ['P7 events', 'good all', 'was given an event of bad'],
    ],
    [
      'an event that is missing after the snapshot',
      (story) => {
        story.history.push([10, deliver(3, 'SNAPSHOT')], [30, deliver(5, 'FINISHED')]);
      },
      ['P7 events', 'good late', 'after event 3 came event 5'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkEvents, planted);
  });

  it('who begins with a snapshot or stops by itself misses nothing', () => {
    const story = cleanStory();
    story.history.push([10, deliver(3, 'SNAPSHOT')], [30, deliver(4, 'STATUS_CHANGED')]);
    story.history.push([31, { op: 'STOPPED_FOLLOWING', subscriber: 'late', jobId: 'good' }]);
    expect(checkEvents(evidenceOf(story))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { advance } from './advance.js';
import { events, type EventName } from './testing/job-events.js';
import { describeState, states, type StateName } from './testing/job-states.js';

/** What becomes of each state by each event; a state that is not listed stays as it is. */
const cells: Record<EventName, Partial<Record<StateName, string>>> = {
  'placement decided': {
    queued: 'PLACED (PREPARING)',
  },
  'placement waiting': {
    queued: 'QUEUED (WAITING_FOR_CAPACITY)',
    'resuming before it has stopped': 'ARMED SUSPEND resuming 2/2 released ran (WAITING_FOR_CAPACITY)',
    resuming: 'ARMED SUSPEND resuming 2/2 released stopped (WAITING_FOR_CAPACITY)',
  },
  'placement undone': {
    placed: 'QUEUED (CLUSTER_REFUSED)',
  },
  'dispatch refused': {
    queued: 'ENDING FAILED unarmed stopped (POLICY_REFUSED)',
    held: 'ENDING FAILED unarmed stopped (POLICY_REFUSED)',
    placed: 'ENDING FAILED unarmed stopped (POLICY_REFUSED)',
  },
  armed: {
    placed: 'ARMED RUN 0/1 (STARTING)',
  },
  'armed for a placement of before': {},
  'release applied': {
    armed: 'ARMED RUN 1/1 released (STARTING)',
    'suspend decided before release': 'ARMED SUSPEND 1/2 released (SUSPEND_REQUESTED)',
    'cancel decided before release': 'ENDING CANCELLED SUSPEND 1/2 released (CANCELLED)',
  },
  'stop applied': {
    'suspend decided': 'ARMED SUSPEND 2/2 released ran (SUSPEND_REQUESTED)',
    'suspend decided before release': 'ARMED SUSPEND 2/2 released (SUSPEND_REQUESTED)',
    'cancel decided': 'ENDING CANCELLED SUSPEND 2/2 released (CANCELLED)',
    'cancel decided before release': 'ENDING CANCELLED SUSPEND 2/2 released (CANCELLED)',
  },
  'stop applied before release': {
    'suspend decided': 'ARMED SUSPEND 2/2 released ran (SUSPEND_REQUESTED)',
    'suspend decided before release': 'ARMED SUSPEND 2/2 stopped (SUSPEND_REQUESTED)',
    'cancel decided': 'ENDING CANCELLED SUSPEND 2/2 released (CANCELLED)',
    'cancel decided before release': 'ENDING CANCELLED SUSPEND 2/2 stopped (CANCELLED)',
  },
  cancel: {
    queued: 'ENDING CANCELLED unarmed stopped (CANCELLED)',
    held: 'ENDING CANCELLED unarmed stopped (CANCELLED)',
    placed: 'ENDING CANCELLED unarmed stopped (CANCELLED)',
    armed: 'ENDING CANCELLED SUSPEND 0/2 (CANCELLED)',
    released: 'ENDING CANCELLED SUSPEND 1/2 released (CANCELLED)',
    running: 'ENDING CANCELLED SUSPEND 1/2 released (CANCELLED)',
    'suspend decided': 'ENDING CANCELLED SUSPEND 1/2 released (CANCELLED)',
    'suspend decided before release': 'ENDING CANCELLED SUSPEND 0/2 (CANCELLED)',
    suspending: 'ENDING CANCELLED SUSPEND 2/2 released (CANCELLED)',
    suspended: 'ENDING CANCELLED SUSPEND 2/2 released stopped (CANCELLED)',
    'resuming before it has stopped': 'ENDING CANCELLED SUSPEND 2/2 released (CANCELLED)',
    resuming: 'ENDING CANCELLED SUSPEND 2/2 released stopped (CANCELLED)',
  },
  suspend: {
    queued: 'QUEUED held (SUSPEND_REQUESTED)',
    placed: 'QUEUED held (SUSPEND_REQUESTED)',
    armed: 'ARMED SUSPEND 0/2 (SUSPEND_REQUESTED)',
    released: 'ARMED SUSPEND 1/2 released (SUSPEND_REQUESTED)',
    running: 'ARMED SUSPEND 1/2 released ran (SUSPEND_REQUESTED)',
    'resuming before it has stopped': 'ARMED SUSPEND 2/2 released ran (SUSPEND_REQUESTED)',
    resuming: 'ARMED SUSPEND 2/2 released stopped (SUSPEND_REQUESTED)',
  },
  resume: {
    held: 'QUEUED',
    'suspend decided': 'ARMED RUN 1/3 released (STARTING)',
    'suspend decided before release': 'ARMED RUN 0/3 (STARTING)',
    suspending: 'ARMED RUN 2/3 released (STARTING)',
    suspended: 'ARMED RUN 2/3 released (STARTING)',
    'resuming before it has stopped': 'ARMED RUN 2/3 released (STARTING)',
    resuming: 'ARMED RUN 2/3 released (STARTING)',
  },
  'resume within a limit': {
    held: 'QUEUED',
    'suspend decided': 'ARMED SUSPEND resuming 1/2 released ran (ORGANIZATION_LIMIT)',
    'suspend decided before release': 'ARMED SUSPEND resuming 0/2 (ORGANIZATION_LIMIT)',
    suspending: 'ARMED SUSPEND resuming 2/2 released ran (ORGANIZATION_LIMIT)',
    suspended: 'ARMED SUSPEND resuming 2/2 released stopped (ORGANIZATION_LIMIT)',
  },
  'resume allowed': {
    'resuming before it has stopped': 'ARMED RUN 2/3 released (STARTING)',
    resuming: 'ARMED RUN 2/3 released (STARTING)',
  },
  'no pod yet': {},
  'pods waiting': {
    armed: 'ARMED RUN 0/1 (UNSCHEDULABLE)',
    released: 'ARMED RUN 1/1 released (UNSCHEDULABLE)',
    running: 'ARMED RUN 1/1 released ran (UNSCHEDULABLE)',
  },
  'pods running': {
    armed: 'ARMED RUN 0/1 ran',
    released: 'ARMED RUN 1/1 released ran',
  },
  'pods stopping': {},
  'pods stopped': {
    suspending: 'ARMED SUSPEND 2/2 released stopped (SUSPEND_REQUESTED)',
    'resuming before it has stopped': 'ARMED SUSPEND resuming 2/2 released stopped (ORGANIZATION_LIMIT)',
    cancelling: 'ENDING CANCELLED SUSPEND 2/2 released stopped (CANCELLED)',
  },
  'another Kubernetes Job': {},
  'success, pods ending': {
    armed: 'ENDING SUCCEEDED RUN 0/1',
    released: 'ENDING SUCCEEDED RUN 1/1 released',
    running: 'ENDING SUCCEEDED RUN 1/1 released',
    'suspend decided': 'ENDING SUCCEEDED SUSPEND 1/2 released',
    'suspend decided before release': 'ENDING SUCCEEDED SUSPEND 0/2',
    suspending: 'ENDING SUCCEEDED SUSPEND 2/2 released',
    suspended: 'ENDING SUCCEEDED SUSPEND 2/2 released',
    'resuming before it has stopped': 'ENDING SUCCEEDED SUSPEND 2/2 released',
    resuming: 'ENDING SUCCEEDED SUSPEND 2/2 released',
    'cancel decided': 'ENDING SUCCEEDED SUSPEND 1/2 released',
    'cancel decided before release': 'ENDING SUCCEEDED SUSPEND 0/2',
    cancelling: 'ENDING SUCCEEDED SUSPEND 2/2 released',
  },
  success: {
    armed: 'ENDING SUCCEEDED RUN 0/1 stopped',
    released: 'ENDING SUCCEEDED RUN 1/1 released stopped',
    running: 'ENDING SUCCEEDED RUN 1/1 released stopped',
    'suspend decided': 'ENDING SUCCEEDED SUSPEND 1/2 released stopped',
    'suspend decided before release': 'ENDING SUCCEEDED SUSPEND 0/2 stopped',
    suspending: 'ENDING SUCCEEDED SUSPEND 2/2 released stopped',
    suspended: 'ENDING SUCCEEDED SUSPEND 2/2 released stopped',
    'resuming before it has stopped': 'ENDING SUCCEEDED SUSPEND 2/2 released stopped',
    resuming: 'ENDING SUCCEEDED SUSPEND 2/2 released stopped',
    'cancel decided': 'ENDING SUCCEEDED SUSPEND 1/2 released stopped',
    'cancel decided before release': 'ENDING SUCCEEDED SUSPEND 0/2 stopped',
    cancelling: 'ENDING SUCCEEDED SUSPEND 2/2 released stopped',
    succeeding: 'ENDING SUCCEEDED RUN 1/1 released stopped',
  },
  failure: {
    armed: 'ENDING FAILED RUN 0/1 stopped (BACKOFF_LIMIT_EXCEEDED)',
    released: 'ENDING FAILED RUN 1/1 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    running: 'ENDING FAILED RUN 1/1 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    'suspend decided': 'ENDING FAILED SUSPEND 1/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    'suspend decided before release': 'ENDING FAILED SUSPEND 0/2 stopped (BACKOFF_LIMIT_EXCEEDED)',
    suspending: 'ENDING FAILED SUSPEND 2/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    suspended: 'ENDING FAILED SUSPEND 2/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    'resuming before it has stopped': 'ENDING FAILED SUSPEND 2/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    resuming: 'ENDING FAILED SUSPEND 2/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    'cancel decided': 'ENDING FAILED SUSPEND 1/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    'cancel decided before release': 'ENDING FAILED SUSPEND 0/2 stopped (BACKOFF_LIMIT_EXCEEDED)',
    cancelling: 'ENDING FAILED SUSPEND 2/2 released stopped (BACKOFF_LIMIT_EXCEEDED)',
    succeeding: 'ENDING SUCCEEDED RUN 1/1 released stopped',
  },
  hopeless: {
    armed: 'ENDING FAILED SUSPEND 0/2 (IMAGE_PULL_FAILED)',
    released: 'ENDING FAILED SUSPEND 1/2 released (IMAGE_PULL_FAILED)',
    running: 'ENDING FAILED SUSPEND 1/2 released (IMAGE_PULL_FAILED)',
  },
  gone: {
    armed: 'ENDING FAILED SUSPEND 0/2 stopped (KUBERNETES_JOB_GONE)',
    released: 'ENDING FAILED SUSPEND 1/2 released stopped (KUBERNETES_JOB_GONE)',
    running: 'ENDING FAILED SUSPEND 1/2 released stopped (KUBERNETES_JOB_GONE)',
    'suspend decided': 'ENDING FAILED SUSPEND 1/2 released stopped (KUBERNETES_JOB_GONE)',
    'suspend decided before release': 'ENDING FAILED SUSPEND 0/2 stopped (KUBERNETES_JOB_GONE)',
    suspending: 'ENDING FAILED SUSPEND 2/2 released stopped (KUBERNETES_JOB_GONE)',
    suspended: 'ENDING FAILED SUSPEND 2/2 released stopped (KUBERNETES_JOB_GONE)',
    'resuming before it has stopped': 'ENDING FAILED SUSPEND 2/2 released stopped (KUBERNETES_JOB_GONE)',
    resuming: 'ENDING FAILED SUSPEND 2/2 released stopped (KUBERNETES_JOB_GONE)',
    'cancel decided': 'ENDING CANCELLED SUSPEND 1/2 released stopped (CANCELLED)',
    'cancel decided before release': 'ENDING CANCELLED SUSPEND 0/2 stopped (CANCELLED)',
    cancelling: 'ENDING CANCELLED SUSPEND 2/2 released stopped (CANCELLED)',
    succeeding: 'ENDING SUCCEEDED RUN 1/1 released stopped',
  },
  'another one gone': {},
  'cluster unreachable': {
    armed: 'ARMED RUN 0/1 (CLUSTER_UNREACHABLE)',
    released: 'ARMED RUN 1/1 released (CLUSTER_UNREACHABLE)',
    running: 'ARMED RUN 1/1 released ran (CLUSTER_UNREACHABLE)',
    'suspend decided': 'ARMED SUSPEND 1/2 released ran (CLUSTER_UNREACHABLE)',
    'suspend decided before release': 'ARMED SUSPEND 0/2 (CLUSTER_UNREACHABLE)',
    suspending: 'ARMED SUSPEND 2/2 released ran (CLUSTER_UNREACHABLE)',
    suspended: 'ARMED SUSPEND 2/2 released stopped (CLUSTER_UNREACHABLE)',
    'resuming before it has stopped': 'ARMED SUSPEND resuming 2/2 released ran (CLUSTER_UNREACHABLE)',
    resuming: 'ARMED SUSPEND resuming 2/2 released stopped (CLUSTER_UNREACHABLE)',
    'cancel decided': 'ENDING CANCELLED SUSPEND 1/2 released (CLUSTER_UNREACHABLE)',
    'cancel decided before release': 'ENDING CANCELLED SUSPEND 0/2 (CLUSTER_UNREACHABLE)',
    cancelling: 'ENDING CANCELLED SUSPEND 2/2 released (CLUSTER_UNREACHABLE)',
    succeeding: 'ENDING SUCCEEDED RUN 1/1 released (CLUSTER_UNREACHABLE)',
  },
  settled: {
    'cancelled, never armed': 'ENDED CANCELLED cleaned (CANCELLED)',
    succeeded: 'ENDED SUCCEEDED',
  },
  cleaned: {
    ended: 'ENDED SUCCEEDED cleaned',
  },
};

describe.each(Object.keys(events) as EventName[])('%s', (eventName) => {
  test.each(Object.keys(states) as StateName[])('makes of a %s job what the table says', (stateName) => {
    const state = states[stateName];
    const next = advance(state, events[eventName]);
    expect(next === state ? undefined : describeState(next)).toBe(cells[eventName][stateName]);
  });
});

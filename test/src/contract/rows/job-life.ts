import { provedBy, type ContractRow } from '../contract-row.js';

const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const requestId = 'services/api/src/jobs/create/create-job-request-id.integration.test.ts';
const controlJob = 'services/api/src/jobs/control/control-job.integration.test.ts';
const dispatch = 'services/dispatcher/src/dispatch-job.integration.test.ts';
const barriers = 'packages/domain/src/advance-barriers.test.ts';
const properties = 'packages/domain/src/advance-properties.test.ts';
const watched = 'services/watcher/src/watch-clusters.integration.test.ts';
const faults = 'test/src/e2e/faults.e2e.test.ts';
const cancel = 'test/src/e2e/cancel.e2e.test.ts';

/** From the answer of createJob to the end of the job: durable, idempotent, released once, cancelled, suspended. */
export const jobLife: readonly ContractRow[] = [
  {
    row: 'durable',
    rule: 'An answered createJob survives the death of every process',
    tests: provedBy(
      faults,
      'survives kill -9 of the %s',
      'dispatches once what was created while the dispatcher was dead',
    ),
  },
  {
    row: 'durable',
    rule: 'It survives Redis with all its data',
    tests: [
      ...provedBy(createJob, 'creates jobs while Redis is away'),
      ...provedBy('services/dispatcher/src/start-dispatcher.integration.test.ts', 'finds a job that nobody hinted'),
    ],
  },
  {
    row: 'durable',
    rule: 'It is on the disk of PostgreSQL before it is answered, whatever the default of the server',
    tests: provedBy(
      'packages/db/src/connection/database.integration.test.ts',
      'commits to the disk, is limited in time',
    ),
  },
  {
    row: 'idempotent',
    rule: 'The same requestId and input answer the same job, from any number of callers at once',
    tests: provedBy(requestId, 'makes one job of any number of calls at once'),
  },
  {
    row: 'idempotent',
    rule: 'Inputs are compared with their defaults filled in, by a keyed hash',
    tests: [
      ...provedBy(requestId, 'counts defaults that are written out as the same input'),
      ...provedBy(
        'packages/db/src/secrets/keyed-hash.integration.test.ts',
        'is the same in every process and under every encryption key',
      ),
    ],
  },
  {
    row: 'idempotent',
    rule: 'The requestId is looked up before any other check',
    tests: [
      ...provedBy(
        requestId,
        "['what is refused', { completions: 0 }]",
        'answers its job although the input would be refused by now',
      ),
      ...provedBy(
        'services/api/src/jobs/create/rerun-job.integration.test.ts',
        'answers a repeated request id although its source is deleted since',
      ),
    ],
  },
  {
    row: 'idempotent',
    rule: 'A requestId is kept for 7 days, for its organization',
    tests: [
      ...provedBy(requestId, 'is free again after seven days', 'is apart from that of another organization'),
      ...provedBy('services/dispatcher/src/housekeeping/keep-house.integration.test.ts', 'events and request ids'),
    ],
  },
  {
    row: 'idempotent',
    rule: 'Cancelling, suspending or resuming again answers the job',
    tests: provedBy(
      controlJob,
      'ends a job at once of which nothing is in a cluster',
      'suspends and resumes a queued job, and answers a repetition',
      'answers a running job that is resumed, and one whose suspension is repeated, without another event',
    ),
  },
  {
    row: 'released once',
    rule: 'No two Kubernetes Jobs of a job are ever unsuspended, whoever dies or stalls',
    tests: [
      ...provedBy(
        dispatch,
        'before its Kubernetes Job is posted finds the newer one and stops',
        'after its Kubernetes Job is posted can no longer arm it',
        'after its Kubernetes Job is posted cannot arm it while another has posted and not yet armed',
        'before it releases changes nothing once another has released',
        'is worked on by one of many dispatchers that are hinted at once',
      ),
      ...provedBy(properties, 'never arms another Kubernetes Job, and never forgets the armed one'),
    ],
  },
  {
    row: 'released once',
    rule: 'A lost answer of a cluster does not change that',
    tests: provedBy(dispatch, 'to the POST costs one look', 'to the release is found out by the next claim'),
  },
  {
    row: 'cancel',
    rule: 'Answered before the release, no pod of the job ever starts',
    tests: [
      ...provedBy(dispatch, 'between POST and arming starts no pod', 'between arming and release starts no pod'),
      ...provedBy(cancel, 'ends a queued job at once: no pod of it ever starts'),
      ...provedBy(controlJob, 'of a job that is being released only once that is in force, or never will be'),
    ],
  },
  {
    row: 'cancel',
    rule: 'After the release, Kubernetes is told to stop, and pods that still start are ended',
    tests: [
      ...provedBy(dispatch, 'after release tells Kubernetes to stop, and waits for its acknowledgement'),
      ...provedBy(cancel, 'ends a starting job, whose image is still being pulled'),
    ],
  },
  {
    row: 'cancel',
    rule: 'CANCELLED is given only when no pod is left; until then CANCELLING, and why',
    tests: [
      ...provedBy(cancel, 'ends a running job, says CANCELLING until no pod is left, and keeps its lines'),
      ...provedBy(properties, 'ends only when no pod is left'),
      ...provedBy(barriers, 'is not done before the API server has acknowledged it', "['with a pod left', "),
    ],
  },
  {
    row: 'cancel',
    rule: 'A verdict that Kubernetes reached first stands',
    tests: provedBy(barriers, 'stands over a cancel that has not stopped it yet', 'comes too late once all is stopped'),
  },
  {
    row: 'suspend',
    rule: 'Ends running pods; their tasks start again from the beginning after a resume',
    tests: [
      ...provedBy(cancel, 'ends the pods of a running job, and starts its tasks again after a resume'),
      ...provedBy(watched, 'is SUSPENDED only when no pod is left, runs again when it is resumed'),
    ],
  },
  {
    row: 'suspend',
    rule: 'SUSPENDED when no pod is left, and the reason SUSPEND_REQUESTED until then',
    tests: [
      ...provedBy(watched, 'is SUSPENDED only when no pod is left, runs again when it is resumed'),
      ...provedBy(
        'packages/domain/src/advance.test.ts',
        "running: 'ARMED SUSPEND 1/2 released ran (SUSPEND_REQUESTED)'",
      ),
      ...provedBy('packages/domain/src/job-state.test.ts', "suspending: 'RUNNING'"),
    ],
  },
  {
    row: 'suspend',
    rule: 'A job suspended before its release starts no pod',
    tests: provedBy(
      dispatch,
      'is left alone while a caller holds it back',
      'before it releases cannot undo a later suspend',
    ),
  },
];

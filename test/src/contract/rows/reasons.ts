import { provedBy, type ContractRow } from '../contract-row.js';

const properties = 'packages/domain/src/advance-properties.test.ts';
const barriers = 'packages/domain/src/advance-barriers.test.ts';
const verdict = 'services/watcher/src/observe/job-verdict.test.ts';
const observeJob = 'services/watcher/src/observe/observe-job.test.ts';
const troubles = 'services/watcher/src/observe/troubles.test.ts';
const waiting = 'services/watcher/src/observe/waiting-reason.test.ts';
const podReason = 'services/watcher/src/observe/pod-reason.test.ts';
const watched = 'services/watcher/src/watch-clusters.integration.test.ts';
const place = 'packages/domain/src/placement.test.ts';
const outcomes = 'test/src/e2e/outcomes.e2e.test.ts';
const clusterTroubles = 'services/dispatcher/src/steps/cluster-troubles.integration.test.ts';

/** An end, or a reason: how jobs end, and what they wait for. */
export const reasons: readonly ContractRow[] = [
  {
    row: 'end',
    rule: 'Somebody has something to do for every job until it ends, unless a caller suspended it',
    tests: provedBy(properties, 'leaves somebody something to do until the end, but for a job that is suspended'),
  },
  {
    row: 'end',
    rule: 'SUCCEEDED, FAILED and CANCELLED never change',
    tests: [
      ...provedBy(properties, 'never leaves the end, and changes nothing of it but that it is cleaned'),
      ...provedBy('packages/db/src/life/record-observation.integration.test.ts', 'and a job that has ended'),
    ],
  },
  {
    row: 'SUCCEEDED',
    rule: 'Kubernetes says Complete',
    tests: provedBy(verdict, "['Complete', 'CompletionsReached'", 'is open until a condition says otherwise'),
  },
  {
    row: 'FAILED',
    rule: 'Carries its reason',
    tests: provedBy(properties, 'gives an end that failed or was cancelled its reason'),
  },
  {
    row: 'BACKOFF_LIMIT_EXCEEDED',
    rule: 'More pods failed than may; tells of the last failure',
    tests: [
      ...provedBy(verdict, 'tells of the last failure where the limit of failures is reached'),
      ...provedBy(outcomes, 'fails with BACKOFF_LIMIT_EXCEEDED when more pods fail than it may'),
    ],
  },
  {
    row: 'DEADLINE_EXCEEDED',
    rule: 'The job took longer than its deadline',
    tests: provedBy(outcomes, 'fails with DEADLINE_EXCEEDED when it takes too long'),
  },
  {
    row: 'IMAGE_PULL_FAILED',
    rule: 'The registry refuses for 90 s, or no pull succeeds for 15 minutes',
    tests: [
      ...provedBy(
        troubles,
        'not before the registry has refused for its grace',
        'when the registry has refused for its grace',
        'when no pull succeeds for the longer grace',
      ),
      ...provedBy('test/src/e2e/images.e2e.test.ts', 'fails an image without such a tag as IMAGE_PULL_FAILED'),
    ],
  },
  {
    row: 'grace time',
    rule: 'Is counted from where it began, whoever watches',
    tests: [
      ...provedBy('services/watcher/src/take-over.integration.test.ts', 'counts a grace from where it began'),
      ...provedBy(
        'services/watcher/src/cluster/look-at-job.test.ts',
        'counts graces from what is stored',
        'counts the disruptions that are stored',
      ),
    ],
  },
  {
    row: 'POLICY_REFUSED',
    rule: 'A policy of the cluster refuses the job or its pods',
    tests: [
      ...provedBy(observeJob, 'is hopeless where a policy refuses its pods, unless some run or it is suspended'),
      ...provedBy(clusterTroubles, 'whose policy refuses the job ends it with the cluster’s sentence'),
    ],
  },
  {
    row: 'CONTAINER_START_FAILED',
    rule: 'The container cannot be started',
    tests: [
      ...provedBy(verdict, 'is that the container could not be started where no attempt ever was'),
      ...provedBy(watched, 'fails as CONTAINER_START_FAILED where its command is not there'),
      ...provedBy(troubles, 'when its container cannot be made for a while'),
    ],
  },
  {
    row: 'TOO_MANY_DISRUPTIONS',
    rule: 'One index was disrupted 20 times',
    tests: provedBy(troubles, 'when one index was disrupted twenty times'),
  },
  {
    row: 'KUBERNETES_JOB_GONE',
    rule: 'It was removed in its cluster, not by us, and is never created again',
    tests: [
      ...provedBy(watched, 'fails as KUBERNETES_JOB_GONE when somebody else removes it'),
      ...provedBy(clusterTroubles, 'that no longer has the armed Kubernetes Job ends the job'),
    ],
  },
  {
    row: 'CLUSTER_ABANDONED',
    rule: 'Its cluster was removed with abandon; what Kubernetes had decided before stands, and it never runs again',
    tests: [
      ...provedBy('packages/domain/src/advance.test.ts', "'cluster abandoned': {"),
      ...provedBy(
        'services/dispatcher/src/removal/remove-clusters.integration.test.ts',
        'has its jobs ended and what is ours there deleted',
        'tells of each end once',
        'never has a job of it run again',
      ),
    ],
  },
  {
    row: 'WAITING_FOR_CAPACITY',
    rule: 'No offer that matches has room now',
    tests: provedBy(place, 'waits where several have no room'),
  },
  {
    row: 'UNSCHEDULABLE',
    rule: 'No node takes a pod, in the words of the scheduler',
    tests: [
      ...provedBy(podReason, "'no node takes it'"),
      ...provedBy(
        'services/watcher/src/observe/explain-unschedulable.test.ts',
        'puts the sentence of the scheduler into',
      ),
      ...provedBy('test/src/e2e/placement.e2e.test.ts', 'says why a job cannot be scheduled, with the words of the'),
    ],
  },
  {
    row: 'QUOTA_EXCEEDED',
    rule: 'A quota of the cluster is used up; asked again later',
    tests: [
      ...provedBy(waiting, 'the quota where it has no pods', 'the quota where the pods it has run'),
      ...provedBy(clusterTroubles, 'whose quota is used up is asked again later'),
    ],
  },
  {
    row: 'IMAGE_PULLING',
    rule: 'The image is being pulled',
    tests: provedBy(podReason, 'is the pull of its image from the event that begins it to the one that ends it'),
  },
  {
    row: 'IMAGE_PULL_RETRYING',
    rule: 'A pull failed and is tried again',
    tests: [
      ...provedBy(podReason, "'the image is not found'", "'the next pull is put off'"),
      ...provedBy(watched, 'says why it cannot start, and is given up when the registry has refused'),
    ],
  },
  {
    row: 'NODE_LOST',
    rule: 'The node of a pod does not answer',
    tests: [
      ...provedBy(podReason, 'has no reason, unless its node does not answer or it is being evicted'),
      ...provedBy(waiting, "'a node that does not answer'"),
    ],
  },
  {
    row: 'CLUSTER_UNREACHABLE (reason)',
    rule: 'The cluster of the job does not answer; never why a job ended',
    tests: [
      ...provedBy(watched, 'says of it, and of its jobs, that it cannot be reached, until it can'),
      ...provedBy(barriers, 'is the reason only until it answers', 'is never why a job ended'),
    ],
  },
  { row: 'RETRY_BACKOFF', rule: 'The pause before a retry', tests: provedBy(waiting, "'the pause before a retry'") },
  {
    row: 'reason',
    rule: 'Has the words of the cluster in its sentence',
    tests: [
      ...provedBy(podReason, 'has the words of the event where the status has none'),
      ...provedBy(troubles, 'in the words of the registry'),
    ],
  },
  {
    row: 'reason',
    rule: 'Is there within 10 s of the cluster saying so',
    tests: provedBy('test/src/e2e/reason-delay.e2e.test.ts', 'is told within 10 s of the cluster saying so'),
  },
];

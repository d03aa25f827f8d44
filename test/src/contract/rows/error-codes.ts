import { provedBy, type ContractRow } from '../contract-row.js';

const server = 'services/api/src/http/server.integration.test.ts';
const clusters = 'services/api/src/clusters/clusters.integration.test.ts';
const errors = 'services/api/src/http/errors.integration.test.ts';
const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const requestId = 'services/api/src/jobs/create/create-job-request-id.integration.test.ts';
const refused = 'services/api/src/jobs/create/create-job-refused.integration.test.ts';
const listBounds = 'services/api/src/jobs/list/list-bounds.integration.test.ts';
const documentLimits = 'services/api/src/http/document-limits.test.ts';
const rateLimits = 'services/api/src/http/rate-limits.integration.test.ts';
const queryCost = 'services/api/src/http/query-cost.test.ts';
const roles = 'services/api/src/access/roles.integration.test.ts';
const everyOperation = 'services/api/src/every-operation.integration.test.ts';
const controlJob = 'services/api/src/jobs/control/control-job.integration.test.ts';
const updates = 'services/api/src/jobs/follow/job-updates.integration.test.ts';
const limits = 'services/api/src/http/limits.integration.test.ts';

/** When each code of an error comes, and what no error ever says. */
export const errorCodes: readonly ContractRow[] = [
  { row: 'UNAUTHENTICATED', rule: 'No valid token', tests: provedBy(server, 'refuses %s with 401') },
  {
    row: 'FORBIDDEN',
    rule: 'The role does not allow it',
    tests: provedBy(roles, '$role may, or may not, do $name'),
  },
  {
    row: 'NOT_FOUND',
    rule: 'Nothing of that id is there for this caller',
    tests: provedBy(controlJob, 'treats a job of another organization as one that is not there'),
  },
  {
    row: 'BAD_USER_INPUT',
    rule: 'The input is refused, with its issues',
    tests: [
      ...provedBy(refused, 'names all issues at once, those of what is stored too, and stores nothing'),
      ...provedBy(controlJob, 'refuses the reason %j, and cancels nothing'),
    ],
  },
  {
    row: 'JOB_FINISHED',
    rule: 'The outcome of the job is decided, and it cannot be controlled any more',
    tests: [
      ...provedBy(
        controlJob,
        'refuses a job that has finished, or whose outcome is decided',
        'refuses to suspend or resume what is being cancelled, or is',
      ),
      ...provedBy('test/src/e2e/cancel.e2e.test.ts', 'is refused with JOB_FINISHED for a job that has succeeded'),
    ],
  },
  {
    row: 'JOB_DELETED',
    rule: 'The job that the requestId made is deleted since',
    tests: provedBy(requestId, 'says so where its job is deleted since'),
  },
  {
    row: 'JOB_DELETED',
    rule: 'A subscription to the events or logs of a job ends as it is deleted',
    tests: [
      ...provedBy('services/api/src/jobs/follow/follow-job-events.integration.test.ts', 'end as the job is deleted'),
      ...provedBy('services/api/src/jobs/follow/follow-job-logs.integration.test.ts', 'end as the job is deleted'),
    ],
  },
  {
    row: 'REQUEST_ID_CONFLICT',
    rule: 'The requestId was used with other input',
    tests: [
      ...provedBy(requestId, "['another value', ", "['another name', ", "['what is refused', "),
      ...provedBy(requestId, 'lets one of many with other input each have it'),
    ],
  },
  {
    row: 'CURSOR_INVALID',
    rule: 'The cursor was not given out by this list: it is of another list, job, organization or PostgreSQL, or forged',
    tests: [
      ...provedBy('services/api/src/graphql/cursor.test.ts', 'is refused where it is %s'),
      ...provedBy('services/api/src/graphql/creation-cursor.test.ts', 'is refused where no query could take it: %j'),
      ...provedBy(
        listBounds,
        'go on after a cursor of their own, and of no other list or job: %s',
        'the list of jobs, and what follows of it, take no cursor of another organization',
      ),
      ...provedBy(updates, 'of another PostgreSQL instance', 'refuses the cursor "%s"'),
    ],
  },
  {
    row: 'CURSOR_EXPIRED',
    rule: 'What follows the cursor is no longer kept as a whole',
    tests: [
      ...provedBy(
        'services/api/src/jobs/list/job-lists.integration.test.ts',
        'refuses a cursor before events that are no',
      ),
      ...provedBy(updates, 'that is older than 7 days'),
    ],
  },
  {
    row: 'KUBECONFIG_REFUSED',
    rule: 'The kubeconfig could run a program, reads files, comes with parts next to it, or is for an address that the operator has not allowed',
    tests: [
      ...provedBy(clusters, 'refuse credentials that could run a program, and parts next to a kubeconfig'),
      ...provedBy('packages/kubernetes/src/access/kubeconfig.test.ts', 'refuses %s and never repeats a value'),
      ...provedBy(clusters, 'at addresses that the operator has not allowed are not connected to'),
    ],
  },
  {
    row: 'CLUSTER_UNREACHABLE',
    rule: 'The cluster does not answer',
    tests: provedBy(clusters, 'that cannot be reached are refused'),
  },
  {
    row: 'CLUSTER_REFUSED',
    rule: 'The cluster does not know the credentials',
    tests: provedBy(clusters, 'that do not know the credentials are refused'),
  },
  {
    row: 'CLUSTER_LACKS_PERMISSION',
    rule: 'The credentials lack a permission; each one is named',
    tests: provedBy(
      clusters,
      'that do not permit all that is needed are refused, with each permission that is missing',
    ),
  },
  {
    row: 'CLUSTER_MISMATCH',
    rule: 'The credentials are those of another cluster',
    tests: [
      ...provedBy(clusters, 'have credentials for one and the same cluster'),
      ...provedBy(
        'services/api/src/clusters/update-cluster.integration.test.ts',
        "['of another cluster', 'CLUSTER_MISMATCH'",
      ),
    ],
  },
  {
    row: 'CLUSTER_EXISTS',
    rule: 'The same cluster and namespace is registered already',
    tests: provedBy(clusters, 'are registered once for each namespace, under a name of their own'),
  },
  {
    row: 'CLUSTER_IN_USE',
    rule: 'The cluster has unfinished jobs, so many',
    tests: provedBy(
      'services/api/src/clusters/remove-cluster.integration.test.ts',
      'is not removed while it has unfinished jobs, and is told how many',
      'waits with its removal for what is being armed there, and counts it',
    ),
  },
  {
    row: 'RATE_LIMITED',
    rule: 'Too much in a short time, or at once (with the seconds to wait), whatever becomes of Redis',
    tests: [
      ...provedBy(
        rateLimits,
        'is refused with 429 and the seconds to wait, at every api process, and by sockets too',
        'pays for each change, under whatever alias, and creates nothing beyond',
        'callers are served as before, and each process keeps to the limits by itself',
        '200 jobs a second of one key are within the limits as they are by default',
      ),
      ...provedBy(limits, 'a subscription more than a socket may have', 'a download more than the api serves at once'),
      ...provedBy('packages/client/src/until-end.test.ts', 'waits as long as the server says'),
    ],
  },
  {
    row: 'QUERY_TOO_COMPLEX',
    rule: 'The answer could hold too much, or the document is too deep; what is usual is neither',
    tests: [
      ...provedBy(queryCost, 'is too much for %s', 'is fine for %s'),
      ...provedBy(documentLimits, 'the nesting of a document', 'so many %s and no more'),
      ...provedBy(errors, "['more levels than are read', ", "['more than an answer may hold', "),
    ],
  },
  {
    row: 'INTERNAL',
    rule: 'A fault of ours: an id that is in the logs, and nothing of the cause',
    tests: [
      ...provedBy(errors, 'says of a fault of its own only under which id it is logged'),
      ...provedBy(everyOperation, 'has no fault for any input'),
    ],
  },
  {
    row: 'secrets',
    rule: 'No answer and no error repeats one',
    tests: [
      ...provedBy('packages/domain/src/validation/parse-input.test.ts', 'never repeats a secret: %#'),
      ...provedBy(errors, 'refuses %s alike on both transports, without repeating a value'),
      ...provedBy('services/api/src/graphql/without-values.test.ts', 'withoutValues'),
      ...provedBy(
        'packages/kubernetes/src/connection/fault.test.ts',
        'leaves out the API server’s words about a Secret',
      ),
    ],
  },
  {
    row: 'secrets',
    rule: 'No event, reason or log line of ours repeats one',
    tests: [
      ...provedBy(createJob, 'never gives a secret back, and stores it only sealed', 'logs no secret'),
      ...provedBy('packages/runtime/src/logger.test.ts', 'redacts fields that hold secrets, also inside others'),
      ...provedBy('test/src/e2e/images.e2e.test.ts', 'and never repeats the password'),
    ],
  },
  {
    row: 'secrets',
    rule: 'Are stored only sealed, each for its own row',
    tests: [
      ...provedBy('packages/db/src/connection/sealer.test.ts', 'opens nothing in another context'),
      ...provedBy(clusters, 'have their credentials stored only sealed, each for its service'),
      ...provedBy('services/dispatcher/src/job-secrets.test.ts', 'opens no other job’s'),
    ],
  },
  {
    row: 'secrets',
    rule: 'Are put under another encryption key while everything goes on; then the old key is needed no more',
    tests: [
      ...provedBy(
        'packages/db/src/secrets/rewrap-secrets.integration.test.ts',
        'is right while others insert, replace and delete, and a second run goes on beside it',
        'goes on where a run was broken off',
      ),
      ...provedBy(
        'services/api/src/key-rotation.integration.test.ts',
        'answer a repeated request with its job at every step of a rotation, and run a job of before again',
      ),
      ...provedBy('test/src/e2e/rotate-keys.e2e.test.ts', 'a key is replaced step by step while the api serves'),
    ],
  },
  {
    row: 'secrets',
    rule: 'Without the key that is needed nothing ends or is lost: it waits, and says which key that is',
    tests: [
      ...provedBy('services/api/src/key-rotation.integration.test.ts', 'are alive and not ready without the key'),
      ...provedBy(
        'services/dispatcher/src/steps/secrets-unreadable.integration.test.ts',
        'says so once, with the id of the key, is looked at every 30 s, and starts once they can be read',
        'rests, and is what a new job waits for, with the id of the key',
      ),
      ...provedBy(
        'services/watcher/src/unreadable-clusters.integration.test.ts',
        'is told of, kept from nobody, and watched as soon as somebody has the key',
      ),
    ],
  },
];

import { provedBy, type ContractRow } from '../contract-row.js';

const server = 'services/api/src/http/server.integration.test.ts';
const http = 'services/api/src/http';
const clusters = 'services/api/src/clusters/clusters.integration.test.ts';
const instanceTypes = 'services/api/src/clusters/instance-types.integration.test.ts';
const privateCluster = 'services/api/src/clusters/private-cluster.integration.test.ts';
const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const controlJob = 'services/api/src/jobs/control/control-job.integration.test.ts';
const followEvents = 'services/api/src/jobs/follow/follow-job-events.integration.test.ts';
const roles = 'services/api/src/access/roles.integration.test.ts';
const everyOperation = 'services/api/src/every-operation.integration.test.ts';
const listJobs = 'services/api/src/jobs/list/list-jobs.integration.test.ts';
const followLogs = 'services/api/src/jobs/follow/follow-job-logs.integration.test.ts';
const listBounds = 'services/api/src/jobs/list/list-bounds.integration.test.ts';
const logPage = 'services/api/src/jobs/logs/read-log-page.integration.test.ts';
const download = 'services/api/src/http/log-routes.integration.test.ts';

/** Who may do what, what others see of it, and how lists are read. */
export const callers: readonly ContractRow[] = [
  {
    row: 'token',
    rule: 'Over HTTP a bearer token says who calls; without a valid one the answer is 401',
    tests: provedBy(server, 'knows who calls', 'refuses %s with 401'),
  },
  {
    row: 'token',
    rule: 'Over WebSocket the token comes in connection_init; without a valid one the socket is closed',
    tests: provedBy(server, 'that shows no valid key with 4401', 'that asks before it says who it is with 4401'),
  },
  {
    row: 'HTTP',
    rule: 'GraphQL over HTTP is kept to, all 61 audits of it',
    tests: provedBy(`${http}/graphql-over-http.integration.test.ts`, 'has as many audits as are counted on', '%s: %s'),
  },
  {
    row: 'HTTP',
    rule: 'A traceparent is gone on with, up to the calls into the cluster of the job that is made',
    tests: [
      ...provedBy(
        `${http}/traces.integration.test.ts`,
        "go on with the caller's, and are stored with the job that a mutation makes",
        'are stored with what %s decides, and only then',
        'name an operation of a socket, in the trace that its message names',
      ),
      ...provedBy(
        'test/src/e2e/traces.e2e.test.ts',
        'leads from the mutation of a caller to the calls that make, release and delete its Kubernetes Job',
        'is gone on with by a dispatcher that is started after another was killed',
      ),
    ],
  },
  {
    row: 'HTTP',
    rule: 'Traces hold no value, name or secret of callers, and no word of a cluster',
    tests: [
      ...provedBy(
        `${http}/traces.integration.test.ts`,
        'hold no value, name or secret of callers, nor the key of the collector',
      ),
      ...provedBy(
        'packages/kubernetes/src/connection/traced-transport.test.ts',
        'that %s is an error of its type, without a word of the cluster',
      ),
      ...provedBy(
        'services/dispatcher/src/traces.integration.test.ts',
        'names of faults their type, and no word of a cluster',
      ),
      ...provedBy('test/src/e2e/traces.e2e.test.ts', 'holds no secret, no environment and no name of a job'),
    ],
  },
  {
    row: 'WebSocket',
    rule: 'The protocol graphql-transport-ws is kept to, and each close code says why',
    tests: [
      ...provedBy(`${http}/socket-protocol.integration.test.ts`, 'by the protocol graphql-transport-ws'),
      ...provedBy(`${http}/close-codes.integration.test.ts`, 'a socket is closed with'),
    ],
  },
  {
    row: 'WebSocket',
    rule: 'A client that does not take what it is sent is cut, and goes on from its last cursor',
    tests: provedBy(
      `${http}/slow-sockets.integration.test.ts`,
      'is cut, and goes on after the last cursor it has with nothing lost or doubled, and little waits for it meanwhile',
      'is bounded: the slowest of them is cut',
    ),
  },
  {
    row: 'abuse',
    rule: 'The 14 checks of graphql-cop find nothing',
    tests: provedBy(
      `${http}/abuse.integration.test.ts`,
      '%s is no finding, with a key or without',
      '%s is no finding for a stranger',
    ),
  },
  {
    row: 'API key',
    rule: 'Begins with cck_ and has 256 random bits; nothing else is taken for one',
    tests: provedBy('services/api/src/access/api-key.test.ts', 'makes keys of 256 random bits', 'takes %j for no key'),
  },
  {
    row: 'API key',
    rule: 'Opens nothing once it is revoked or has expired, subscriptions that are open included',
    tests: [...provedBy(server, 'refuses a key that is %s'), ...provedBy(followEvents, 'end as the key is revoked')],
  },
  {
    row: 'API key',
    rule: 'A command makes the first organization and its key',
    tests: provedBy('test/src/e2e/first-key.e2e.test.ts', 'makes the organization and a key that the api knows'),
  },
  {
    row: 'VIEWER',
    rule: 'Reads, and changes nothing',
    tests: [
      ...provedBy(download, 'is for viewers too, and for nobody else'),
      ...provedBy(roles, '$role may, or may not, do $name'),
    ],
  },
  {
    row: 'SUBMITTER',
    rule: 'Also creates and controls jobs, and registers no cluster',
    tests: [
      ...provedBy(createJob, 'fills in the defaults'),
      ...provedBy(controlJob, 'suspends and resumes a queued job, and answers a repetition'),
      ...provedBy(clusters, 'are not for everyone to register'),
    ],
  },
  {
    row: 'ADMIN',
    rule: 'Also registers private clusters and their instance types, and no managed ones',
    tests: [
      ...provedBy(privateCluster, 'is registered by an admin, with its instance types'),
      ...provedBy(clusters, 'are not for everyone to register'),
      ...provedBy(instanceTypes, 'of managed clusters by operators only'),
    ],
  },
  {
    row: 'OPERATOR',
    rule: 'Also registers managed clusters and their instance types with prices',
    tests: [
      ...provedBy(clusters, 'are registered with credentials that have proved to work'),
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job'),
    ],
  },
  {
    row: 'organization',
    rule: 'The id of something of another organization answers exactly like one that does not exist',
    tests: [
      ...provedBy(everyOperation, 'answers the id of something of another organization like one that does not exist'),
      ...provedBy(controlJob, 'treats a job of another organization as one that is not there'),
      ...provedBy(listJobs, 'are those of the organization only'),
      ...provedBy(download, 'is for viewers too, and for nobody else'),
    ],
  },
  {
    row: 'organization',
    rule: 'Managed clusters and their instance types are visible to all, private ones to their owner',
    tests: [
      ...provedBy(clusters, 'are seen by nobody else, and managed ones by all'),
      ...provedBy(privateCluster, 'is given by its id, to its owner only'),
      ...provedBy(
        'packages/db/src/placement/read-offers.integration.test.ts',
        'shows a private cluster to its organization only',
      ),
    ],
  },
  {
    row: 'id',
    rule: 'Is opaque, with a prefix that says of what it is',
    tests: provedBy('packages/domain/src/identifiers.test.ts', 'is a ULID in lower case behind its prefix'),
  },
  {
    row: 'list',
    rule: 'Pages follow one another by cursors, with each element once',
    tests: [
      ...provedBy(listJobs, 'come newest first, page by page, each once'),
      ...provedBy(
        logPage,
        'comes forwards in pages of %i, each line once',
        'comes backwards in pages of %i, each line once',
      ),
      ...provedBy('services/api/src/jobs/list/list-tasks.test.ts', 'goes on after its cursor'),
    ],
  },
  {
    row: 'list',
    rule: 'A page has at most 100 elements, of a log 5,000',
    tests: [
      ...provedBy('services/api/src/graphql/page.test.ts', 'takes 0 to 100', 'refuses %i'),
      ...provedBy(listBounds, 'have pages of at most so many: %s %i'),
      ...provedBy(listJobs, "['first: 101', ['first: INVALID']]"),
    ],
  },
  {
    row: 'cursor',
    rule: 'That of an edge of events or logs is a valid `after` of its subscription',
    tests: [
      ...provedBy(followEvents, 'resume after any cursor, with each event once'),
      ...provedBy(followLogs, 'take the cursor of a line in the middle of what is stored'),
    ],
  },
];

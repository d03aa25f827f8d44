import { provedBy, type ContractRow } from '../contract-row.js';

const clusters = 'services/api/src/clusters/clusters.integration.test.ts';
const instanceTypes = 'services/api/src/clusters/instance-types.integration.test.ts';
const updateCluster = 'services/api/src/clusters/update-cluster.integration.test.ts';
const removeCluster = 'services/api/src/clusters/remove-cluster.integration.test.ts';
const removal = 'services/dispatcher/src/removal/remove-clusters.integration.test.ts';
const changeInstanceType = 'services/api/src/clusters/change-instance-type.integration.test.ts';

const e2e = 'test/src/e2e/clusters.e2e.test.ts';
const hostile = 'services/watcher/src/hostile-cluster.integration.test.ts';

/** Clusters and their instance types. */
export const clusterRows: readonly ContractRow[] = [
  {
    row: 'clusters',
    rule: 'A hostile one harms no other: not what is seen of it, nor any job of it',
    tests: [
      ...provedBy(hostile, 'takes nothing from another cluster, and memory without end neither'),
      ...provedBy(
        'packages/db/src/clusters/save-capacity.integration.test.ts',
        'is never that of jobs of another cluster, whatever a cluster says',
      ),
    ],
  },
  {
    row: 'clusters',
    rule: 'Those with a namespace for each organization run its jobs there, whichever of the others are not there',
    tests: [
      ...provedBy(
        'services/dispatcher/src/steps/namespaces.integration.test.ts',
        'a job runs in that of its own',
        'one whose namespace is not there keeps no other waiting, and says what it waits for',
      ),
      ...provedBy(
        'services/watcher/src/namespaces.integration.test.ts',
        'a cluster with a namespace for each organization is watched as a whole',
      ),
    ],
  },
  {
    row: 'Cluster.status',
    rule: 'Says whether the cluster answers, drains or is not watched, since when and why',
    tests: provedBy('services/api/src/clusters/cluster-of-row.test.ts', 'a cluster %s says so'),
  },
  {
    row: 'clusters',
    rule: 'New credentials, a drain and a removal take effect within seconds on a real one, with the rights of its manifest',
    tests: provedBy(
      e2e,
      'takes new credentials without losing a job or a line, though the old ones end at once',
      'takes no new jobs while it drains, and ends those that run',
      'is removed with its jobs, which never run again, and holds nothing of ours after',
    ),
  },
  {
    row: 'Mutation.registerCluster',
    rule: 'Proves the credentials against the cluster before it answers',
    tests: provedBy(clusters, 'are registered with credentials that have proved to work'),
  },
  {
    row: 'Mutation.updateCluster',
    rule: 'Drains a cluster, or not: nothing is sent there after the answer, and what runs there goes on',
    tests: [
      ...provedBy(
        updateCluster,
        'is drained, and says so and why, until it is not',
        'that drains waits for what is being armed there, so that nothing is armed after its answer',
        'that is managed is changed by operators, a private one by admins of its organization',
      ),
      ...provedBy(
        'services/dispatcher/src/steps/cluster-troubles.integration.test.ts',
        'that is drained before the job is posted sees nothing of it',
      ),
    ],
  },
  {
    row: 'Mutation.updateCluster',
    rule: 'Proves new credentials, for the same cluster, before it stores them; they are used without a restart',
    tests: [
      ...provedBy(
        updateCluster,
        'has new credentials once they have proved to work, each for its service',
        'keeps what it has where it is given credentials %s',
        'has what waits for it looked at again at once when its credentials are new',
      ),
      ...provedBy(
        'services/dispatcher/src/cluster/cluster-connections.test.ts',
        'that are replaced end the calls that are under way first, while others use the new one',
      ),
      ...provedBy('services/dispatcher/src/cluster/follow-clusters.test.ts', 'has a cluster called at once'),
      ...provedBy(
        'services/watcher/src/new-credentials.integration.test.ts',
        'are used within seconds, without a restart, and the cluster never looks lost',
      ),
    ],
  },
  {
    row: 'Mutation.removeCluster',
    rule: 'Takes a cluster out of sight; its name stays in finished jobs, and what is only placed there goes elsewhere',
    tests: [
      ...provedBy(
        removeCluster,
        'that nothing runs on is removed, out of everybody’s sight',
        'is not kept by what is only placed there: that goes elsewhere',
        'keeps its name in finished jobs',
        'that is managed is removed by operators, a private one by admins of its organization',
      ),
      ...provedBy(removal, 'never has a job of it run again; a job that was only placed there goes elsewhere'),
    ],
  },
  {
    row: 'Mutation.removeCluster',
    rule: 'Nothing of its credentials stays, and of its objects nothing where it can be reached',
    tests: provedBy(
      removal,
      'has its jobs ended and what is ours there deleted, and nothing of its credentials stays',
      'that cannot be reached has its jobs ended all the same, and is forgotten after five minutes',
      'that comes back under another id is rid of what was left there, and nothing of it runs twice',
    ),
  },
  {
    row: 'Mutation.createInstanceType',
    rule: 'Adds a size to a cluster',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job', 'but not with %s'),
      ...provedBy('packages/domain/src/validation/parse-instance-type.test.ts', '%j has wrong: %j'),
    ],
  },
  {
    row: 'Mutation.updateInstanceType',
    rule: 'Changes the price and the nodes of a size, for what is placed from now on',
    tests: [
      ...provedBy(
        changeInstanceType,
        'has another price for what is placed from now on, and its room stays',
        'whose nodes are others has no room that is known until they are counted',
        'of a managed cluster is changed by operators, of a private one by admins of its organization',
      ),
      ...provedBy(
        'services/watcher/src/capacity/watch-capacity.integration.test.ts',
        'is counted again when its nodes are others',
      ),
    ],
  },
  {
    row: 'Mutation.removeInstanceType',
    rule: 'Sends nothing there any more; what runs there goes on, and finished jobs keep its name',
    tests: provedBy(
      changeInstanceType,
      'that is removed is offered and taken no more; what runs there goes on, and holds what it has reserved',
      'that is removed keeps its name in finished jobs, and frees it for another',
    ),
  },
  {
    row: 'Query.placementPlan',
    rule: 'Gives what createJob would choose, best first, and why not the others',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job'),
      ...provedBy(
        'packages/domain/src/placement-ranking.test.ts',
        'ranks what can be taken, then what waiting may help',
      ),
    ],
  },
  {
    row: 'Query.placementPlan',
    rule: 'The same function decides',
    tests: provedBy(
      'packages/domain/src/placement-properties.test.ts',
      'is the first of the ranking where that is eligible, and else a wait with a reason for every offer',
    ),
  },
  {
    row: 'Query.clusters',
    rule: 'Lists the clusters that the caller can use',
    tests: provedBy(clusters, 'are seen by nobody else, and managed ones by all'),
  },
  {
    row: 'Query.cluster',
    rule: 'Gives a cluster by its id, to those who can use it',
    tests: provedBy(
      'services/api/src/clusters/private-cluster.integration.test.ts',
      'is given by its id, to its owner only',
    ),
  },
  {
    row: 'Query.instanceTypes',
    rule: 'Lists instance types, of one cluster or of all',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job'),
      ...provedBy(clusters, 'are seen by nobody else, and managed ones by all'),
    ],
  },
];

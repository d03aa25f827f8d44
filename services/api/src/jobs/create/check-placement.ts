import { findClusters, findInstanceTypes, listOpenOffers, type Queryable } from '@ccluster/db';
import { place, type InputIssue, type RequestedPlacement } from '@ccluster/domain';

/** What is wrong with a placement as things are registered now, with paths from the input of the job. */
export async function findPlacementIssues(
  db: Queryable,
  organizationId: string,
  requested: RequestedPlacement,
  parallelism: number,
): Promise<InputIssue[]> {
  if (Object.values(requested).every((constraint) => constraint === null)) return [];
  const issues = [
    ...(await findClusterIssues(db, organizationId, requested)),
    ...(await findInstanceTypeIssues(db, organizationId, requested)),
  ];
  return issues.length > 0 ? issues : findOfferIssues(db, organizationId, requested, parallelism);
}

async function findClusterIssues(
  db: Queryable,
  organizationId: string,
  { clusterId }: RequestedPlacement,
): Promise<InputIssue[]> {
  if (clusterId === null) return [];
  const [cluster] = await findClusters(db, organizationId, [clusterId]);
  if (cluster === undefined) return [issue('clusterId', 'must be a cluster that you can use', clusterId)];
  return cluster.draining ? [issue('clusterId', 'must be a cluster that is not draining', clusterId)] : [];
}

async function findInstanceTypeIssues(
  db: Queryable,
  organizationId: string,
  { clusterId, instanceTypeId }: RequestedPlacement,
): Promise<InputIssue[]> {
  if (instanceTypeId === null) return [];
  const [instanceType] = await findInstanceTypes(db, organizationId, [instanceTypeId]);
  if (instanceType === undefined) {
    return [issue('instanceTypeId', 'must be an instance type that you can use', instanceTypeId)];
  }
  if (clusterId === null || clusterId === instanceType.clusterId) return [];
  return [issue('instanceTypeId', `must be an instance type of the cluster ${clusterId}`, instanceTypeId)];
}

async function findOfferIssues(
  db: Queryable,
  organizationId: string,
  requested: RequestedPlacement,
  parallelism: number,
): Promise<InputIssue[]> {
  // Whether an offer matches at all does not hang on who waits before it or has room there: to read that takes a while.
  const offers = await listOpenOffers(db);
  const result = place({ organizationId, requested, parallelism }, { offers, line: [], allowances: new Map() });
  if ('placed' in result || result.waiting.code !== 'NO_MATCHING_OFFER') return [];
  return [{ path: ['placement'], code: 'NO_MATCHING_OFFER', message: result.waiting.message }];
}

function issue(field: keyof RequestedPlacement, rule: string, value: string): InputIssue {
  return {
    path: ['placement', field],
    code: 'INVALID',
    message: `placement.${field} ${rule}; got ${JSON.stringify(value)}`,
  };
}

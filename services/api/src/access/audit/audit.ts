import { insertAuditEntry, type Queryable } from '@ccluster/db';
import type { RequestContext } from '../../http/request-context.js';
import type { Services } from '../../services.js';

/** What is written down of the mutation that is being done. */
interface Audit {
  /**
   * That it has been done, in the transaction that does it: neither is there without the other.
   * @param organizationId whose affair it is; not given: the caller's own
   */
  record(tx: Queryable, targetId: string, organizationId?: string): Promise<void>;
}

/** What mutations work with. */
export interface MutationServices extends Services {
  readonly audit: Audit;
}

export interface MutationContext extends RequestContext {
  readonly services: MutationServices;
}

export interface AuditTrail extends Audit {
  readonly isRecorded: () => boolean;
  /** With the outcome, apart from any transaction. */
  conclude(targetId: string | undefined, outcome: string): Promise<void>;
}

export function createAuditTrail({ services, principal, requestId }: RequestContext, operation: string): AuditTrail {
  let recorded = false;
  const insert = (
    db: Queryable,
    targetId: string | undefined,
    outcome: string,
    organizationId: string = principal.organizationId,
  ) => {
    const by = { principalId: principal.id, principal: principal.name, role: principal.role };
    return insertAuditEntry(db, { ...by, organizationId, operation, targetId, outcome, requestId });
  };
  return {
    isRecorded: () => recorded,
    record: async (tx, targetId, organizationId) => {
      await insert(tx, targetId, 'OK', organizationId);
      recorded = true;
    },
    conclude: (targetId, outcome) => insert(services.database.db, targetId, outcome),
  };
}

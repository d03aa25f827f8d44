/** What a caller can act on: a stable code and a sentence that says what to do. Faults are other errors, thrown on. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode, message: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
  }
}

export type DomainErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'JOB_FINISHED'
  | 'JOB_NOT_FINISHED'
  | 'JOB_DELETED'
  | 'NOTHING_TO_RERUN'
  | 'REQUEST_ID_CONFLICT'
  | 'CURSOR_INVALID'
  | 'CURSOR_EXPIRED'
  | 'KUBECONFIG_REFUSED'
  | 'CLUSTER_UNREACHABLE'
  | 'CLUSTER_REFUSED'
  | 'CLUSTER_LACKS_PERMISSION'
  | 'CLUSTER_MISMATCH'
  | 'CLUSTER_EXISTS'
  | 'CLUSTER_IN_USE';

import { DomainError } from '@ccluster/domain';

const RETRY_AFTER_SECONDS = 5;

/** Nobody can say who calls as long as the issuer's keys cannot be had. It passes by itself. */
export class IssuerUnreachable extends DomainError {
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;

  constructor() {
    super('UNAUTHENTICATED', 'The keys of the token’s issuer cannot be had now: try again in some seconds');
    this.name = 'IssuerUnreachable';
  }
}

const RETRY_AFTER_SECONDS = 5;

/** Too much at once; it passes by itself. RATE_LIMITED on every transport, with the seconds to wait. */
export class RateLimited extends Error {
  readonly code = 'RATE_LIMITED';
  override readonly name = 'RateLimited';

  constructor(
    message: string,
    readonly retryAfterSeconds = RETRY_AFTER_SECONDS,
  ) {
    super(message);
  }
}

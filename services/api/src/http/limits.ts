/** A document of this many words holds a job with hundreds of variables written out; more belongs into GraphQL variables. */
export const MAX_DOCUMENT_TOKENS = 10_000;

/**
 * A job's input has at most about 700 KiB of text, and JSON may take six characters for one byte of its values:
 * `\u0001`.
 */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

export const MAX_SUBSCRIPTIONS_PER_SOCKET = 100;

/** Of one document: enough to act on, and none of hundreds that are the same. */
export const MAX_VALIDATION_ERRORS = 5;

/** Of each message of a socket that has not been told that it is let in: a token, and no more. */
export const MAX_GREETING_BYTES = 64 * 1024;

/** Documents that were valid are known when they are sent again. */
export const MAX_KNOWN_DOCUMENTS = 500;
/** Longer ones have values in them, and do not come again. */
export const MAX_KNOWN_CHARACTERS = 20_000;

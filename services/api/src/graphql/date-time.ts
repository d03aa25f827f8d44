import { GraphQLError, GraphQLScalarType } from 'graphql';

/** What four digits of a year can say, in UTC: PostgreSQL does not read what lies beyond as it is written. */
const FIRST = new Date('0001-01-01T00:00:00.000Z');
const LAST = new Date('9999-12-31T23:59:59.999Z');
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339, UTC, with milliseconds.',
  serialize: serializeDateTime,
  parseValue: parseDateTime,
});

/** States keep their times as text, tables as dates. */
function serializeDateTime(value: unknown): string {
  if (value instanceof Date || typeof value === 'string') return new Date(value).toISOString();
  throw new TypeError(`A ${typeof value} is no time`);
}

function parseDateTime(unsafeValue: unknown): Date {
  const date = typeof unsafeValue === 'string' && isDateTime(unsafeValue) ? new Date(unsafeValue) : undefined;
  if (date === undefined || !(date >= FIRST && date <= LAST)) {
    throw new GraphQLError(
      'DateTime cannot represent this value: it must be RFC 3339, such as 2026-01-31T12:00:00.000Z',
    );
  }
  return date;
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDateTime(text: string): boolean {
  if (!RFC_3339.test(text)) return false;
  const asWritten = text.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  const utc = new Date(`${asWritten}Z`);
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(asWritten);
}

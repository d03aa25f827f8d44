import { GraphQLError, GraphQLScalarType } from 'graphql';

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
  const date = typeof unsafeValue === 'string' && RFC_3339.test(unsafeValue) ? new Date(unsafeValue) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw new GraphQLError(
      'DateTime cannot represent this value: it must be RFC 3339, such as 2026-01-31T12:00:00.000Z',
    );
  }
  return date;
}

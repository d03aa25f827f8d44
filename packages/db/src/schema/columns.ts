import { customType, timestamp } from 'drizzle-orm/pg-core';

/** UTC with milliseconds, as `Date`. */
export const instant = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' });

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** A number of PostgreSQL's transactions, that never wraps around; as text, since it has 64 bits. */
export const transactionNumber = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

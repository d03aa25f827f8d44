import { DomainError } from '@ccluster/domain';
import { z } from 'zod';

/** How the positions in one kind of list are written as opaque text. */
export interface CursorForm<Position> {
  /** @param owner id of what the list belongs to: a job, or an organization */
  format(owner: string, position: Position): string;
  /** Throws CURSOR_INVALID for what this list of this owner did not give out. */
  parse(owner: string, text: string): Position;
}

const MAX_CURSOR_CHARACTERS = 512;

/**
 * @param list names the list, so that the cursor of another does not pass
 * @param schema of a position, which must survive JSON; whatever fits it, a query must be able to take
 */
export function cursorForm<Schema extends z.ZodType>(list: string, schema: Schema): CursorForm<z.output<Schema>> {
  return {
    format: (owner, position) => Buffer.from(JSON.stringify([list, owner, position])).toString('base64url'),
    parse: (owner, text) => {
      const [unsafeList, unsafeOwner, unsafePosition] = decode(text);
      const position = schema.safeParse(unsafePosition);
      if (unsafeList !== list || unsafeOwner !== owner || !position.success) throw invalidCursor();
      return position.data;
    },
  };
}

export function invalidCursor(): DomainError {
  return new DomainError('CURSOR_INVALID', 'This cursor was not given out by this list');
}

/** An id of ours, as a part of a position. */
export const positionId = z.string().regex(/^\w{1,64}$/);

function decode(text: string): unknown[] {
  try {
    const decoded: unknown = JSON.parse(
      Buffer.from(text.slice(0, MAX_CURSOR_CHARACTERS), 'base64url').toString('utf8'),
    );
    return Array.isArray(decoded) ? decoded : [];
  } catch {
    return [];
  }
}

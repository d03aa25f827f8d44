import { DomainError } from '@ccluster/domain';
import type { z } from 'zod';

/** How the positions in one kind of list are written as opaque text. */
export interface CursorForm<Position> {
  format(position: Position): string;
  /** Throws CURSOR_INVALID for what this list did not give out. */
  parse(text: string): Position;
}

const MAX_CURSOR_CHARACTERS = 512;

/**
 * @param list names the list, so that the cursor of another does not pass
 * @param schema of a position, which must survive JSON
 */
export function cursorForm<Schema extends z.ZodType>(list: string, schema: Schema): CursorForm<z.output<Schema>> {
  return {
    format: (position) => Buffer.from(JSON.stringify([list, position])).toString('base64url'),
    parse: (text) => {
      const [unsafeList, unsafePosition] = decode(text);
      const position = schema.safeParse(unsafePosition);
      if (unsafeList !== list || !position.success) throw invalidCursor();
      return position.data;
    },
  };
}

export function invalidCursor(): DomainError {
  return new DomainError('CURSOR_INVALID', 'This cursor was not given out by this list');
}

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

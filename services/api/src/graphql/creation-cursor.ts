import { z } from 'zod';
import { cursorForm, positionId, type CursorForm } from './cursor.js';

/** A place in a list by age: right after the row that was created then and has that id. */
export interface CreationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** In the year 5138. */
const MAX_TIME_MS = 100_000_000_000_000;

const position = z.strictObject({ createdAtMs: z.int().min(0).max(MAX_TIME_MS), id: positionId });

/** The cursors of a list by age. */
export function creationCursor(list: string): CursorForm<CreationPosition> {
  const form = cursorForm(list, position);
  return {
    format: (owner, { createdAt, id }) => form.format(owner, { createdAtMs: createdAt.getTime(), id }),
    parse: (owner, text) => {
      const { createdAtMs, id } = form.parse(owner, text);
      return { createdAt: new Date(createdAtMs), id };
    },
  };
}

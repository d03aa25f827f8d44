import { z } from 'zod';
import { cursorForm } from '../../graphql/cursor.js';

/** After the first `offset` records of a chunk. A cursor of a job's log holds for each task's and attempt's part of it. */
export const logCursor = cursorForm('logs', z.strictObject({ chunkId: z.int().min(0), offset: z.int().min(0) }));

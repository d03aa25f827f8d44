import { z } from 'zod';
import { cursorForm } from '../../graphql/cursor.js';

/** After the event of that number; 0: before the first. Edges, subscriptions and `Job.eventCursor` share it. */
export const jobEventCursor = cursorForm('events', z.strictObject({ sequence: z.int().min(0) }));

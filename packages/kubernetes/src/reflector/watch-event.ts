import { KubernetesFault } from '../connection/fault.js';
import { isTooDeep } from '../connection/json-depth.js';
import { faultOfErrorEvent } from '../connection/status.js';
import { isObject } from './kubernetes-object.js';

export type WatchEvent =
  | { type: 'CHANGED'; unsafeObject: unknown; resourceVersion: string }
  | { type: 'DELETED'; unsafeObject: unknown; resourceVersion: string }
  | { type: 'BOOKMARK'; resourceVersion: string }
  | { type: 'ERROR'; fault: KubernetesFault };

/** One line of a watch. ADDED and MODIFIED are one: after a resume either may come for either. Throws on a damaged line. */
export function parseWatchEvent(line: string): WatchEvent {
  const unsafeEvent = parseLine(line);
  if (!isObject(unsafeEvent) || !isObject(unsafeEvent['object'])) throw damaged();
  const { type, object: unsafeObject } = unsafeEvent;
  if (type === 'ERROR') return { type, fault: faultOfErrorEvent(unsafeObject) };
  const metadata = unsafeObject['metadata'];
  const resourceVersion = isObject(metadata) ? metadata['resourceVersion'] : undefined;
  if (typeof resourceVersion !== 'string') throw damaged();
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'CHANGED', unsafeObject, resourceVersion };
    case 'DELETED':
      return { type, unsafeObject, resourceVersion };
    case 'BOOKMARK':
      return { type, resourceVersion };
    default:
      throw damaged();
  }
}

export const DAMAGED_EVENT = 'DamagedEvent';

function damaged(cause?: unknown): KubernetesFault {
  return new KubernetesFault('SERVER_ERROR', 'A watch event could not be read', { reason: DAMAGED_EVENT, cause });
}

function parseLine(line: string): unknown {
  if (isTooDeep(line)) throw damaged();
  try {
    return JSON.parse(line);
  } catch (error) {
    throw damaged(error);
  }
}

import { checkEvidence } from '../checker/check-evidence.js';
import { gatherEvidence } from '../checker/gather-evidence.js';
import { sourcesOf } from '../checker/sources-of.js';
import type { Violation } from '../violation.js';
import type { Product } from './product.js';

/**
 * What the checker finds, outside the application: in the history of what was answered, in PostgreSQL and in the API
 * servers' audit logs. To be called when nothing moves any more, before the product stops.
 * @param historyPath of a history that is closed
 */
export async function checkProduct(product: Product, historyPath: string): Promise<Violation[]> {
  return checkEvidence(await gatherEvidence(sourcesOf(product, historyPath, product.startedAt)));
}

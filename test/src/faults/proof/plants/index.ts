import type { Plant } from '../ground.js';
import { inAnswers } from './in-answers.js';
import { inClusters } from './in-clusters.js';
import { inDatabase } from './in-database.js';
import { secrets } from './secrets.js';

export const plants: readonly Plant[] = [...inClusters, ...inDatabase, ...inAnswers, ...secrets];

import 'reflect-metadata';
import { printApiSchema } from './schema.js';

process.stdout.write(printApiSchema());

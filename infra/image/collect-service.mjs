// node infra/image/collect-service.mjs <service> <folder>
// Puts together all that a service runs with: its bundle, and the files that it reads and finds by the names of their
// packages. The folder needs nothing else but Node.
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const [service, folder] = process.argv.slice(2);

/** By package, besides its package.json. */
const GRAPHIQL = {
  graphiql: ['graphiql.min.js', 'graphiql.min.css'],
  react: ['umd/react.production.min.js'],
  'react-dom': ['umd/react-dom.production.min.js'],
};
const FILES = { '@ccluster/db': ['migrations'], ...(service === 'api' ? GRAPHIQL : {}) };

if (!['api', 'dispatcher', 'watcher'].includes(service) || folder === undefined) {
  throw new Error('Give a service, api, dispatcher or watcher, and a folder');
}
const dist = join(repository, 'services', service, 'dist');
const require = createRequire(join(dist, 'service.mjs'));

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(dist).filter((file) => file.endsWith('.mjs')))
  cpSync(join(dist, name), join(folder, name));
cpSync(fileURLToPath(new URL('healthcheck.mjs', import.meta.url)), join(folder, 'healthcheck.mjs'));
for (const [name, files] of Object.entries(FILES)) {
  const source = dirname(require.resolve(`${name}/package.json`));
  for (const file of ['package.json', ...files]) {
    cpSync(join(source, file), join(folder, 'node_modules', name, file), { recursive: true });
  }
}

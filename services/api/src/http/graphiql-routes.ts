import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { GRAPHIQL_ASSETS_PATH, graphiqlStartScript } from './graphiql-page.js';

const require = createRequire(import.meta.url);

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const CACHE_CONTROL = 'public, max-age=3600';

/** The files of GraphiQL's page, as its npm packages have them. */
export function addGraphiqlRoutes(http: FastifyInstance): void {
  addFile(
    http,
    'react.js',
    JAVASCRIPT,
    fileNextTo(require.resolve('react/package.json'), 'umd/react.production.min.js'),
  );
  addFile(
    http,
    'react-dom.js',
    JAVASCRIPT,
    fileNextTo(require.resolve('react-dom/package.json'), 'umd/react-dom.production.min.js'),
  );
  addFile(http, 'graphiql.js', JAVASCRIPT, fileNextTo(require.resolve('graphiql/package.json'), 'graphiql.min.js'));
  addFile(http, 'graphiql.css', CSS, fileNextTo(require.resolve('graphiql/package.json'), 'graphiql.min.css'));
  http.get(`${GRAPHIQL_ASSETS_PATH}/start.js`, (_request, reply) => reply.type(JAVASCRIPT).send(graphiqlStartScript));
}

function addFile(http: FastifyInstance, name: string, type: string, path: string): void {
  http.get(`${GRAPHIQL_ASSETS_PATH}/${name}`, (_request, reply) =>
    reply.type(type).header('cache-control', CACHE_CONTROL).send(createReadStream(path)),
  );
}

/** The packages do not export their browser builds, but their manifests. */
function fileNextTo(manifest: string, path: string): string {
  return join(dirname(manifest), path);
}

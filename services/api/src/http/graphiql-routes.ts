import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { GRAPHIQL_ASSETS_PATH, graphiqlStartScript } from './graphiql-page.js';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const CACHE_CONTROL = 'public, max-age=3600';

/** The files of GraphiQL's page, as its npm packages have them. */
export function addGraphiqlRoutes(http: FastifyInstance): void {
  addFile(http, 'react.js', JAVASCRIPT, fileOf('react', 'umd/react.production.min.js'));
  addFile(http, 'react-dom.js', JAVASCRIPT, fileOf('react-dom', 'umd/react-dom.production.min.js'));
  addFile(http, 'graphiql.js', JAVASCRIPT, fileOf('graphiql', 'graphiql.min.js'));
  addFile(http, 'graphiql.css', CSS, fileOf('graphiql', 'graphiql.min.css'));
  http.get(`${GRAPHIQL_ASSETS_PATH}/start.js`, (_request, reply) => reply.type(JAVASCRIPT).send(graphiqlStartScript));
}

function addFile(http: FastifyInstance, name: string, type: string, path: string): void {
  http.get(`${GRAPHIQL_ASSETS_PATH}/${name}`, (_request, reply) =>
    reply.type(type).header('cache-control', CACHE_CONTROL).send(createReadStream(path)),
  );
}

/** Their browser builds are not among what the packages export. */
function fileOf(packageName: string, path: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(dirname(manifest), path);
}

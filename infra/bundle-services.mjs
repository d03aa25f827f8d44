// Makes of each compiled service one file, `services/<name>/dist/service.mjs`: a process then starts in a fifth of the CPU
// time that thousands of small modules take, which counts wherever one is replaced, killed or scaled. An operator's
// commands become one file each too, so that an image needs no packages.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const repository = fileURLToPath(new URL('..', import.meta.url));
const commands = ['check-cluster', 'create-key', 'migrate', 'print-cluster-manifest', 'prune-audit-log', 'rewrap-keys'];

/**
 * GraphQL has a build of modules beside the one that Node takes, whose names are getters upon getters: where each word of
 * a document is looked at they take most of the time. All take the same one, or its classes would be there twice.
 */
const graphqlOfModules = {
  name: 'graphql-of-modules',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^graphql(\/.*)?$/ }, async ({ path, pluginData, ...place }) => {
      if (pluginData === 'asked') return undefined;
      const found = await resolve(path, { ...place, pluginData: 'asked' });
      return { ...found, path: found.path.replace(/\.js$/, '.mjs') };
    });
  },
};

await Promise.all([
  ...['api', 'dispatcher', 'watcher'].map((name) => bundle(name, 'main', 'service')),
  ...commands.map((command) => bundle('api', command, command)),
]);

function bundle(service, entry, name) {
  const dist = join(repository, 'services', service, 'dist');
  return build({
    entryPoints: [join(dist, `${entry}.js`)],
    outfile: join(dist, `${name}.mjs`),
    absWorkingDir: repository,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // GraphQL's types and errors are known by the names of their classes.
    keepNames: true,
    // CommonJS packages call `require` for what Node itself has.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
    plugins: [graphqlOfModules],
  });
}

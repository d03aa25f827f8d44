import { defineConfig } from 'vitest/config';

const shared = {
  resolve: {
    // Workspace packages are tested from their sources, so no build has to come first.
    conditions: ['source'],
    // type-graphql and the tests must see one copy of the schema classes.
    alias: [
      {
        find: /^graphql$/,
        replacement: new URL('./services/api/node_modules/graphql/index.js', import.meta.url).pathname,
      },
    ],
  },
  ssr: { resolve: { conditions: ['source'] } },
};

/** `LARGE_MODELS=1 vitest run --project model` */
const largeModels = process.env['LARGE_MODELS'] === undefined ? [] : ['services/*/src/**/*.model.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          // They share no state: importing a module once for all files is a third of the time.
          isolate: false,
          // Milliseconds each, but a machine can be busy with something else.
          testTimeout: 30_000,
          include: ['{packages,services}/*/src/**/*.test.ts', 'infra/local/src/**/*.test.ts', 'test/src/**/*.test.ts'],
          exclude: [
            '**/*.integration.test.ts',
            '**/*.e2e.test.ts',
            '**/*.model.test.ts',
            '**/node_modules/**',
            '**/dist/**',
          ],
        },
      },
      {
        ...shared,
        test: {
          // The state machine, searched through; `*.model.ts` take hours, and are named to be run.
          name: 'model',
          include: ['services/*/src/**/*.model.test.ts', ...largeModels],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{packages,services}/*/src/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/src/e2e/**/*.e2e.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

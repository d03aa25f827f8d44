import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

/** Node runs the sources as they are, but for the names that TypeScript gives to imports. */
const sourcesAsModules = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) =>
  next(context.parentURL?.endsWith('.ts') && name.startsWith('./') ? name.replace(/js$/, 'ts') : name, context) });
const { runMain } = await import(${JSON.stringify(new URL('run-main.ts', import.meta.url).href)});`;

describe('a service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('releases what it holds on %s and exits with 0', async (signal) => {
    const { code, lines } = await run(
      `runMain('api', async (lifecycle, log) => {
        const server = setInterval(() => {}, 1000);
        lifecycle.onStop('server', () => { clearInterval(server); log.info('released'); });
        process.kill(process.pid, '${signal}');
      });`,
    );
    expect(lines).toEqual(['info stopping', 'info released', 'info stopped']);
    expect(code).toBe(0);
  });

  it.each([
    ['that cannot start', `throw new Error('no database');`],
    ['that meets an error nobody catches', `setImmediate(() => { throw new Error('no database'); });`],
    ['that meets a rejection nobody catches', `void Promise.reject(new Error('no database'));`],
  ])('%s releases what it holds and exits with 1', async (_, failure) => {
    const { code, lines } = await run(
      `runMain('api', async (lifecycle, log) => {
        lifecycle.onStop('server', () => log.info('released'));
        ${failure}
      });`,
    );
    expect(lines).toEqual(['fatal failed', 'info released', 'info stopped']);
    expect(code).toBe(1);
  });

  it('that cannot be stopped cleanly exits with 1', async () => {
    const { code } = await run(
      `runMain('api', async (lifecycle) => {
        lifecycle.onStop('server', () => { throw new Error('in use'); });
        process.kill(process.pid, 'SIGTERM');
        setInterval(() => {}, 1000);
      });`,
    );
    expect(code).toBe(1);
  });
});

async function run(main: string): Promise<{ code: unknown; lines: string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', sourcesAsModules + main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 15_000,
  });
  const exited = once(child, 'exit');
  const output = await text(child.stdout);
  const [code] = (await exited) as unknown[];
  return { code, lines: output.trim().split('\n').map(describeLine) };
}

function describeLine(line: string): string {
  const { level, msg } = JSON.parse(line) as Record<string, string>;
  return `${level} ${msg}`;
}

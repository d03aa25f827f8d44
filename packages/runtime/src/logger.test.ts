import { expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.js';

it('writes a JSON object a line, with time, level and service', () => {
  const [line] = linesOf((log) => log.info({ jobId: 'job_1' }, 'placed'));
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    pid: process.pid,
    name: 'api',
    jobId: 'job_1',
    msg: 'placed',
  });
});

it('keeps the fields and the rules of a logger in those made from it', () => {
  const [line] = linesOf((log) =>
    log.child({ clusterId: 'cl_1', token: 'hunter2' }).warn({ password: 'hunter2' }, 'lost'),
  );
  expect(line).toMatchObject({ name: 'api', level: 'warn', clusterId: 'cl_1', password: '[redacted]', msg: 'lost' });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

it('writes of an error its text and frames, and none of its fields', () => {
  const error = Object.assign(new Error('Failed query\nparams: hunter2', { cause: new Error('refused') }), {
    parameters: ['hunter2'],
    command: { args: ['hunter2'] },
  });
  const lines = linesOf((log) => {
    log.error({ error }, 'failed');
    log.error(error);
    log.error({ err: error }, 'failed');
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines[0]).toMatchObject({
    error: {
      message: 'Error: Failed query, caused by Error: refused',
      stack: expect.arrayContaining([expect.stringContaining('logger.test')]),
    },
  });
});

it('redacts fields that hold secrets, also inside others', () => {
  const lines = linesOf((log) =>
    log.info({ password: 'hunter2', headers: { authorization: 'hunter2' }, a: { b: { token: 'hunter2' } } }, 'asked'),
  );
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines[0]).toMatchObject({ password: '[redacted]', headers: { authorization: '[redacted]' } });
});

function linesOf(write: (log: Logger) => void): unknown[] {
  const lines: unknown[] = [];
  write(createLogger('api', { write: (line: string) => lines.push(JSON.parse(line)) }));
  return lines;
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('parseCommand', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const parse = (command: string) =>
    caller.ask('query ($command: String!) { parseCommand(command: $command) }', { command });
  const create = (name: string, command: string) =>
    caller.ask('mutation ($input: CreateJobInput!) { createJob(input: $input) { argv } }', {
      input: { name, imageUrl: 'busybox', imageTag: '1', command },
    });

  it('gives the argv that createJob would make of it', async () => {
    const command = `/bin/sh -c 'echo "$HOME"; exit 3' "" x`;
    const argv = ['/bin/sh', '-c', 'echo "$HOME"; exit 3', '', 'x'];
    expect((await parse(command)).data).toEqual({ parseCommand: argv });
    expect((await create('parsed', command)).data).toEqual({ createJob: { argv } });
  });

  it.each(['echo $HOME', 'a | b', 'say "hello'])('refuses what createJob refuses, alike: %s', async (command) => {
    const [refusal] = (await parse(command)).errors ?? [];
    const [refusedJob] = (await create('refused', command)).errors ?? [];
    expect(refusal?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path: ['command'] }] });
    expect(refusal?.extensions).toEqual(refusedJob?.extensions);
  });
});

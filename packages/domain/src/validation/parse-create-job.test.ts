import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { anywhere } from '../testing/builders.js';
import { parseCreateJob, type ParsedCreateJob } from './parse-create-job.js';

const limits = { maxParallelism: 1000, reservedAnnotationPrefix: 'ccluster.io' };
const minimal = { name: 'train', imageUrl: 'nvcr.io/nvidia/base/ubuntu', imageTag: 'latest' };

const parse = (fields: object): ParsedCreateJob => parseCreateJob({ ...minimal, ...fields }, limits);

const defaults: ParsedCreateJob = {
  spec: {
    ...minimal,
    completions: 1,
    parallelism: 1,
    backoffLimit: 3,
    activeDeadlineSeconds: null,
    command: null,
    argv: [],
    enableLogging: true,
    env: [],
    annotations: [],
    requestedPlacement: anywhere,
  },
  secrets: { imagePull: null, env: {} },
  requestId: null,
  warnings: [],
};

const optionalFields = [
  'requestId',
  'imagePullSecret',
  'completions',
  'parallelism',
  'backoffLimit',
  'activeDeadlineSeconds',
  'command',
  'commandArgv',
  'enableLogging',
  'env',
  'annotations',
  'placement',
];

const everything = {
  requestId: 'r-1',
  imagePullSecret: { username: '$oauthtoken', password: 'pull-me' },
  completions: 100_000,
  parallelism: 1000,
  backoffLimit: 0,
  activeDeadlineSeconds: 2_147_483_647,
  command: '/bin/sh -c python3 "train.py"',
  enableLogging: false,
  env: [
    { name: 'HF_TOKEN', value: 'hide-me' },
    { name: 'EPOCHS', value: '$(3)\n', secret: false },
    { name: 'EMPTY', value: '', secret: null },
  ],
  annotations: [{ key: 'example.com/team', value: 'vision' }],
  placement: { regions: ['us-east', 'us-east'], minGpuCount: 8 },
};

describe('parseCreateJob', () => {
  it('fills in the defaults', () => {
    expect(parse({})).toEqual(defaults);
  });

  test.each([null, undefined])('takes %s for the default of every field', (value) => {
    expect(parse(Object.fromEntries(optionalFields.map((field) => [field, value])))).toEqual(defaults);
  });

  it('keeps everything that was asked for, and secrets apart', () => {
    const { spec, secrets, requestId, warnings } = parse(everything);
    expect(spec).toEqual({
      ...defaults.spec,
      completions: 100_000,
      parallelism: 1000,
      backoffLimit: 0,
      activeDeadlineSeconds: 2_147_483_647,
      command: '/bin/sh -c python3 "train.py"',
      argv: ['/bin/sh', '-c', 'python3', 'train.py'],
      enableLogging: false,
      env: [
        { name: 'HF_TOKEN', secret: true },
        { name: 'EPOCHS', secret: false, value: '$(3)\n' },
        { name: 'EMPTY', secret: true },
      ],
      annotations: [{ key: 'example.com/team', value: 'vision' }],
      requestedPlacement: { ...defaults.spec.requestedPlacement, regions: ['us-east'], minGpuCount: 8 },
    });
    expect(requestId).toBe('r-1');
    expect(warnings.map(({ code }) => code)).toEqual(['SHELL_EXTRA_WORDS']);
    expect(secrets.imagePull?.username).toBe('$oauthtoken');
    expect(secrets.imagePull?.password.reveal()).toBe('pull-me');
    expect(Object.entries(secrets.env).map(([name, value]) => [name, value.reveal()])).toEqual([
      ['HF_TOKEN', 'hide-me'],
      ['EMPTY', ''],
    ]);
  });

  it('shows no secret in any print of its answer', () => {
    const parsed = parse({
      imagePullSecret: { username: 'u', password: 'hunter2' },
      env: [{ name: 'A', value: 'hunter2' }],
    });
    expect(JSON.stringify(parsed) + inspect(parsed, { depth: 9 })).not.toContain('hunter2');
  });

  it('keeps a secret under a name that objects have already', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty'];
    const { secrets } = parse({ env: names.map((name) => ({ name, value: 'x' })) });
    expect(Object.keys(secrets.env)).toEqual(names);
  });
});

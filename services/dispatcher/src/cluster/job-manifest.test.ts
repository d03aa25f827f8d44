import { describe, expect, it } from 'vitest';
import { anOrder, anOrderedInstanceType, aSpec, JOB_ID } from '../testing/build-order.js';
import { jobManifest } from './job-manifest.js';

const ownership = { installation: 'test', clusterId: 'cl_1' };
const labels = { 'ccluster.io/installation': 'test', 'ccluster.io/cluster': 'cl_1', 'ccluster.io/job-id': JOB_ID };
const reserved = [
  {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
  },
];

const smallAmounts = { cpu: '500m', memory: '256Mi' };

const smallest = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'train-01arz3ndektsv4rrffq69g5fav',
    namespace: 'jobs',
    labels,
    annotations: { 'ccluster.io/intent': '0', 'ccluster.io/epoch': '3' },
  },
  spec: {
    suspend: true,
    completionMode: 'Indexed',
    completions: 1,
    parallelism: 1,
    backoffLimit: 0,
    ttlSecondsAfterFinished: 604_800,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    template: {
      metadata: { labels },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        nodeSelector: {},
        tolerations: [],
        containers: [
          {
            name: 'main',
            image: 'registry.example/train:1',
            imagePullPolicy: 'Always',
            env: [...reserved, { name: 'JOB_COMPLETIONS', value: '1' }],
            resources: { limits: smallAmounts, requests: smallAmounts },
            securityContext: { allowPrivilegeEscalation: false },
          },
        ],
      },
    },
  },
};

const greatAmounts = { cpu: '500m', memory: '256Mi', 'nvidia.com/gpu': '8' };

const greatest = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'train-01arz3ndektsv4rrffq69g5fav',
    namespace: 'jobs',
    labels,
    annotations: { 'example.com/owner': 'me', 'ccluster.io/intent': '0', 'ccluster.io/epoch': '3' },
  },
  spec: {
    suspend: true,
    completionMode: 'Indexed',
    completions: 100_000,
    parallelism: 8,
    backoffLimit: 7,
    activeDeadlineSeconds: 3600,
    ttlSecondsAfterFinished: 604_800,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    template: {
      metadata: { labels },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        nodeSelector: { 'node.kubernetes.io/instance-type': 'big' },
        tolerations: [
          { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
          { key: 'dedicated', operator: 'Equal', value: 'batch' },
        ],
        imagePullSecrets: [{ name: 'train-01arz3ndektsv4rrffq69g5fav-e3-pull' }],
        containers: [
          {
            name: 'main',
            image: `registry.example/train@sha256:${'a'.repeat(64)}`,
            imagePullPolicy: 'Always',
            command: ['/bin/sh', '-c', 'echo $$HOME $$$$ $$(NAME)'],
            env: [...reserved, { name: 'JOB_COMPLETIONS', value: '100000' }],
            envFrom: [{ secretRef: { name: 'train-01arz3ndektsv4rrffq69g5fav-e3-env' } }],
            resources: { limits: greatAmounts, requests: greatAmounts },
            securityContext: { allowPrivilegeEscalation: false },
            terminationMessagePolicy: 'FallbackToLogsOnError',
            volumeMounts: [{ name: 'shared-memory', mountPath: '/dev/shm' }],
          },
        ],
        volumes: [{ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '16384Mi' } }],
      },
    },
  },
};

describe('jobManifest', () => {
  it('asks for nothing that the smallest job does not need', () => {
    expect(jobManifest(anOrder(), ownership)).toEqual(smallest);
  });

  it('carries everything that a job can ask for', () => {
    const spec = aSpec({
      imageTag: `sha256:${'a'.repeat(64)}`,
      completions: 100_000,
      parallelism: 8,
      backoffLimit: 7,
      activeDeadlineSeconds: 3600,
      argv: ['/bin/sh', '-c', 'echo $HOME $$ $(NAME)'],
      enableLogging: true,
      env: [
        { name: 'PLAIN', secret: false, value: 'a' },
        { name: 'TOKEN', secret: true },
      ],
      annotations: [{ key: 'example.com/owner', value: 'me' }],
    });
    const instanceType = anOrderedInstanceType({
      gpuCount: 8,
      sharedMemoryMib: 16_384,
      nodeSelector: { 'node.kubernetes.io/instance-type': 'big' },
      tolerations: [
        { key: 'nvidia.com/gpu', value: null, effect: 'NoSchedule' },
        { key: 'dedicated', value: 'batch', effect: null },
      ],
    });
    const order = anOrder({ spec, instanceType, hasImagePullSecret: true });
    expect(jobManifest(order, ownership)).toEqual(greatest);
  });

  it('puts no value of a variable into the pods', () => {
    const spec = aSpec({ env: [{ name: 'PLAIN', secret: false, value: 'canary' }] });
    expect(JSON.stringify(jobManifest(anOrder({ spec }), ownership))).not.toContain('canary');
  });

  it('does not let an annotation of the caller stand for ours', () => {
    const spec = aSpec({ annotations: [{ key: 'ccluster.io/intent', value: '9' }] });
    expect(jobManifest(anOrder({ spec }), ownership).metadata?.annotations).toEqual({
      'ccluster.io/intent': '0',
      'ccluster.io/epoch': '3',
    });
  });
});

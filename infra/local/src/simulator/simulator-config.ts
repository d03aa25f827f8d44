import { SIMULATED } from '../clusters/real-nodes.js';
import { BEHAVIOURS, type Behaviour } from './behaviours.js';

/** At once; each is a call or two to the API server. */
const PARALLEL_STAGES = 16;

interface Condition {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

/** How a container ended, as templates. */
interface End {
  phase: 'Succeeded' | 'Failed';
  exitCode: number;
  reason: string;
}

const LIVES: Condition = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const IS_DELETED: Condition = { key: '.metadata.deletionTimestamp', operator: 'Exists' };
const SUCCESS: End = { phase: 'Succeeded', exitCode: 0, reason: 'Completed' };
const FAILURE: End = { phase: 'Failed', exitCode: 1, reason: 'Error' };
/** SIGTERM, heeded at once. */
const TERMINATED: End = { phase: 'Failed', exitCode: 143, reason: 'Error' };

/**
 * Documents of KWOK's configuration: what it does to a node or pod that fits a stage's selector. A pod starts at once,
 * ends as its behaviour says, and if it is deleted meanwhile ends before it goes, as with a kubelet. Nobody answers for
 * its logs: KWOK would let a follower wait for ever.
 */
export function simulatorConfig(): object[] {
  return [
    {
      apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
      kind: 'KwokConfiguration',
      options: {
        manageNodesWithLabelSelector: `${SIMULATED}=true`,
        // A lease is what tells the node controller that a node lives.
        nodeLeaseDurationSeconds: 40,
        // None of these has a default beside a configuration of one's own.
        nodeLeaseParallelism: 4,
        nodePlayStageParallelism: 4,
        podsOnNodeSyncParallelism: 4,
        podPlayStageParallelism: PARALLEL_STAGES,
      },
    },
    stage('Node', 'node-ready', [{ key: readyCondition(), operator: 'NotIn', values: ['True'] }], nodeReady()),
    stage('Pod', 'pod-start', [LIVES, inPhase('Pending')], podStarts()),
    ...BEHAVIOURS.flatMap(endStages),
    stage('Pod', 'pod-terminate', [IS_DELETED, inPhase('Pending', 'Running')], podEnds(TERMINATED), { delete: true }),
    // For what a killed simulator left between the two; all others are gone by then.
    stage('Pod', 'pod-remove', [IS_DELETED, inPhase('Succeeded', 'Failed')], undefined, {
      delete: true,
      delay: { durationMilliseconds: 5_000 },
    }),
  ];
}

/** Of stages that fit alike, KWOK draws one by their weights. */
function endStages({ name, label, runsMs, failing }: Behaviour): object[] {
  const selector = [LIVES, inPhase('Running'), selects(label)];
  const delay = { durationMilliseconds: runsMs };
  const succeed = stage('Pod', `${name}-succeed`, selector, podEnds(SUCCESS), { delay, weight: 100 - failing });
  if (failing === 0) return [succeed];
  return [succeed, stage('Pod', `${name}-fail`, selector, podEnds(FAILURE), { delay, weight: failing })];
}

function stage(
  kind: 'Node' | 'Pod',
  name: string,
  matchExpressions: Condition[],
  template: string | undefined,
  options: { delete?: boolean; delay?: object; weight?: number } = {},
): object {
  const { delete: isDeleted = false, ...rest } = options;
  const patch = template === undefined ? [] : [{ patch: { subresource: 'status', template } }];
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions },
      ...rest,
      steps: [...patch, ...(isDeleted ? [{ delete: true }] : [])],
    },
  };
}

function inPhase(...values: string[]): Condition {
  return { key: '.status.phase', operator: 'In', values };
}

function selects(label: string): Condition {
  return { key: `.spec.nodeSelector["${label}"]`, operator: 'In', values: ['true'] };
}

function readyCondition(): string {
  return '.status.conditions.[] | select( .type == "Ready" ) | .status';
}

function nodeReady(): string {
  return `
status:
  conditions:
  - type: Ready
    status: "True"
    reason: SimulatedNodeReady
    lastHeartbeatTime: {{ Now | Quote }}
    lastTransitionTime: {{ Now | Quote }}`;
}

/** With the uid, as a kubelet sends it: a pod of the same name that came later is left alone. */
function podStarts(): string {
  return `
metadata:
  uid: {{ .metadata.uid | Quote }}
status:
  phase: Running
  startTime: {{ Now | Quote }}
  conditions:
  ${conditions('True', ['Initialized', 'Ready', 'ContainersReady'])}
  containerStatuses:
  {{ range .spec.containers }}
  - name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: ""
    ready: true
    started: true
    restartCount: 0
    state:
      running:
        startedAt: {{ Now | Quote }}
  {{ end }}`;
}

function podEnds({ phase, exitCode, reason }: End): string {
  return `
{{ $root := . }}
metadata:
  uid: {{ .metadata.uid | Quote }}
status:
  phase: ${phase}
  conditions:
  ${conditions('False', ['Ready', 'ContainersReady'])}
  containerStatuses:
  {{ range $index, $container := .spec.containers }}
  {{ $startedAt := Now }}
  {{ with $root.status.containerStatuses }}{{ $startedAt = (index . $index).state.running.startedAt }}{{ end }}
  - name: {{ $container.name | Quote }}
    image: {{ $container.image | Quote }}
    imageID: ""
    ready: false
    started: false
    restartCount: 0
    state:
      terminated:
        exitCode: ${exitCode}
        reason: ${reason}
        startedAt: {{ $startedAt | Quote }}
        finishedAt: {{ Now | Quote }}
  {{ end }}`;
}

function conditions(status: 'True' | 'False', types: readonly string[]): string {
  return types
    .map((type) => `- { type: ${type}, status: "${status}", lastTransitionTime: {{ Now | Quote }} }`)
    .join('\n  ');
}

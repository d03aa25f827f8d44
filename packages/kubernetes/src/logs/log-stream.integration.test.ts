import { readTestEnvironment } from '@ccluster/testkit';
import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRealCluster, type RealCluster } from '../testing/real-cluster.js';
import { followLog } from './log-stream.js';

const environment = readTestEnvironment();
const image = `${environment.image.url}:${environment.image.tag}`;
const quiet = { info: () => undefined, warn: () => undefined };

let cluster: RealCluster;

beforeAll(async () => {
  cluster = await openRealCluster();
});

afterAll(() => cluster.close());

async function startPod(name: string, script: string): Promise<void> {
  const containers = [{ name: 'main', image, command: ['sh', '-c', script] }];
  const body: V1Pod = {
    metadata: { name },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers },
  };
  await vi.waitFor(() => cluster.admin.core.createNamespacedPod({ namespace: cluster.namespace, body }), {
    timeout: 10_000,
  });
}

/** What is known of the pod's end, asked for every now and then, as a watch would tell it. */
function watchEnd(pod: string): { isFinished: () => boolean; stop: () => void } {
  let finished = false;
  const timer = setInterval(() => {
    void cluster.admin.core.readNamespacedPod({ namespace: cluster.namespace, name: pod }).then(
      ({ status }) => (finished = status?.phase === 'Succeeded' || status?.phase === 'Failed'),
      () => undefined,
    );
  }, 300);
  return { isFinished: () => finished, stop: () => clearInterval(timer) };
}

/**
 * The lines of a log, long ones put together again, and gaps by their code. So many times, when it has got ahead, the
 * connection is reset in the middle of what it carries.
 */
async function collectLog(pod: string, resets: number): Promise<string[]> {
  let resetsLeft = resets;
  const lines: string[] = [];
  let open = '';
  const end = watchEnd(pod);
  const { connection, namespace } = cluster;
  const followed = { connection, namespace, pod, container: 'main', isContainerFinished: end.isFinished };
  const signal = AbortSignal.timeout(50_000);
  for await (const { pieces } of followLog({
    ...followed,
    position: undefined,
    nowMs: () => performance.now(),
    random: Math.random,
    signal,
    log: quiet,
  })) {
    for (const piece of pieces) {
      open += piece.kind === 'line' ? piece.bytes.toString() : piece.code;
      if (piece.kind === 'line' && piece.continued) continue;
      lines.push(open);
      open = '';
    }
    if (resetsLeft > 0) cluster.proxy.resetAfterBytes(Math.floor(Math.random() * 3_000));
    resetsLeft -= 1;
  }
  end.stop();
  return lines;
}

describe('followLog on a real kubelet', () => {
  it('has all of 1,000 lines once, although its connections are reset again and again', async () => {
    await startPod(
      'thousand',
      'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo "line $i"; [ $((i%40)) -eq 0 ] && sleep 0.2; done',
    );
    const lines = await collectLog('thousand', 12);
    expect(lines).toEqual(Array.from({ length: 1000 }, (_, at) => `line ${at + 1}`));
  });

  it('keeps long lines, a last one without a newline, and what two streams write at once', async () => {
    const long = 'head -c 100000 /dev/zero | tr "\\0" x; echo';
    const both = 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo "out $i"; echo "err $i" >&2; done';
    await startPod('odd', `${long}; sleep 1; ${both}; sleep 1; printf "no newline"`);
    const lines = await collectLog('odd', 5);
    const numbers = Array.from({ length: 200 }, (_, at) => at + 1);
    expect(lines.filter((each) => each.startsWith('out'))).toEqual(numbers.map((number) => `out ${number}`));
    expect(lines.filter((each) => each.startsWith('err'))).toEqual(numbers.map((number) => `err ${number}`));
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([402, 'x'.repeat(100_000), 'no newline']);
  });

  it('says so when the pod is gone', async () => {
    expect(await collectLog('no-such-pod', 0)).toEqual(['LOG_UNAVAILABLE']);
  });
});

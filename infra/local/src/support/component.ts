import type { LocalContext } from './context.js';
import { recordDaemon } from './daemon-records.js';
import { launchDaemon, waitUntilReady, type Daemon, type DaemonSpec } from './daemon.js';
import { killTree, pauseTree, resumeTree } from './process-tree.js';

/**
 * A daemon that faults are done to, with all that it started. To ask for what is so already does nothing: to kill what
 * is dead, to start what runs, to resume what is not paused.
 */
export interface Component {
  /** SIGKILL; it stays down. Resolves when it is gone. */
  kill: () => Promise<void>;
  /** The same program again, with the same data. Resolves when it is ready. */
  start: () => Promise<void>;
  /** Kill, then start. */
  restart: () => Promise<void>;
  /** SIGSTOP: its connections stay open, and nobody answers on them. */
  pause: () => Promise<void>;
  /** SIGCONT. */
  resume: () => Promise<void>;
}

/** Starts a daemon as `startDaemon` does, and waits until it is ready; stopped with the context in whatever state it is. */
export async function startComponent(context: LocalContext, spec: DaemonSpec): Promise<Component> {
  let running: Daemon | undefined;
  let ended: Promise<void> | undefined;
  let release = (): void => undefined;

  const launch = (): Daemon => {
    const daemon = launchDaemon(context, spec, ended === undefined ? 'empty' : 'append');
    ended = clearAfter(daemon);
    return daemon;
  };
  /** Also when it ends by itself: it is down then, and can be started again. */
  const clearAfter = async (daemon: Daemon): Promise<void> => {
    await daemon.exited;
    if (running === daemon) running = undefined;
    await daemon.stop(); // Ends what outlived it, and forgets it.
  };
  const resume = (): void => {
    release();
    release = () => undefined;
  };
  const component: Component = {
    kill: async () => {
      const killed = running;
      running = undefined;
      if (killed !== undefined) await killTree(killed.pid);
      resume();
      await ended;
    },
    start: async () => {
      if (running === undefined) await ended;
      running ??= launch();
      await waitUntilReady(context, spec, running);
    },
    restart: async () => {
      await component.kill();
      await component.start();
    },
    pause: async () => {
      resume();
      if (running !== undefined) release = await pauseRecorded(context, spec.name, running.pid);
    },
    resume: async () => resume(),
  };
  context.onStop(spec.name, async () => {
    resume();
    await running?.stop();
    await ended;
  });
  await component.start();
  return component;
}

/**
 * Pauses a daemon with all that it started; gives the release. Remembers each process on disk: who is paused does not
 * notice that its parent is gone, and would stay for ever if we were killed now.
 */
async function pauseRecorded(context: LocalContext, name: string, root: number): Promise<() => void> {
  const tree = await pauseTree(root);
  const forget = tree.slice(1).map((pid) => recordDaemon(context, `${name}-paused-${pid}`, pid));
  return () => {
    resumeTree(tree);
    forget.forEach((forgetOne) => forgetOne());
  };
}

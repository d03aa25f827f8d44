/** The live side of a running step. */
export interface Step {
  /** Replaces the text shown beside the step's title and elapsed time. */
  note: (text: string) => void;
}

export interface Progress {
  /** Shows `title` while `work` runs and how long it took; a failure is shown and thrown on. */
  run: <T>(title: string, work: (step: Step) => Promise<T>) => Promise<T>;
  /** Prints one line above whatever is live. */
  say: (line: string) => void;
}

interface RunningStep {
  title: string;
  text: string;
  startedAtMs: number;
}

const HEARTBEAT_MS = 15_000;
const REDRAW_MS = 200;

/** Progress on a terminal (one live line) or in a plain stream (a line at start, each 15 s, and at the end). */
export function createProgress(output: NodeJS.WriteStream): Progress {
  const running = new Set<RunningStep>();
  const view = output.isTTY ? startLiveLine(output, running) : startHeartbeat(output, running);
  return {
    say: view.print,
    async run(title, work) {
      const step: RunningStep = { title, text: '', startedAtMs: performance.now() };
      running.add(step);
      view.stepStarted(step);
      try {
        const result = await work({ note: (text) => (step.text = text) });
        view.print(`✓ ${title} (${elapsed(step)})`);
        return result;
      } catch (error) {
        view.print(`✗ ${title} (${elapsed(step)})`);
        throw error;
      } finally {
        running.delete(step);
      }
    },
  };
}

interface View {
  print: (line: string) => void;
  stepStarted: (step: RunningStep) => void;
}

function startHeartbeat(output: NodeJS.WriteStream, running: ReadonlySet<RunningStep>): View {
  const print = (line: string): void => void output.write(`${line}\n`);
  const timer = setInterval(() => running.forEach((step) => print(`  … ${describe(step)}`)), HEARTBEAT_MS);
  timer.unref();
  return { print, stepStarted: (step) => print(`▸ ${step.title}`) };
}

function startLiveLine(output: NodeJS.WriteStream, running: ReadonlySet<RunningStep>): View {
  const clear = '\r\x1b[K';
  const draw = (): void => {
    const line = [...running].map(describe).join('  ·  ');
    output.write(clear + line.slice(0, Math.max(output.columns - 1, 20)));
  };
  const timer = setInterval(() => running.size > 0 && draw(), REDRAW_MS);
  timer.unref();
  return { print: (line) => void output.write(`${clear}${line}\n`), stepStarted: draw };
}

function describe(step: RunningStep): string {
  return step.text === '' ? `${step.title} ${elapsed(step)}` : `${step.title} ${elapsed(step)}: ${step.text}`;
}

function elapsed(step: RunningStep): string {
  return `${((performance.now() - step.startedAtMs) / 1000).toFixed(1)} s`;
}

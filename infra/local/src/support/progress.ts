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
  const view = output.isTTY ? createLiveLine(output) : createPlainView(output);
  return {
    say: view.print,
    async run(title, work) {
      const step: RunningStep = { title, text: '', startedAtMs: performance.now() };
      const hide = view.show(step);
      try {
        const result = await work({ note: (text) => (step.text = text) });
        view.print(`✓ ${title} (${elapsed(step)})`);
        return result;
      } catch (error) {
        view.print(`✗ ${title} (${elapsed(step)})`);
        throw error;
      } finally {
        hide();
      }
    },
  };
}

interface View {
  print: (line: string) => void;
  /** Shows a step until the returned function is called. */
  show: (step: RunningStep) => () => void;
}

function createPlainView(output: NodeJS.WriteStream): View {
  const print = (line: string): void => void output.write(`${line}\n`);
  return {
    print,
    show(step) {
      print(`▸ ${step.title}`);
      const heartbeat = setInterval(() => print(`  … ${describe(step)}`), HEARTBEAT_MS);
      return () => clearInterval(heartbeat);
    },
  };
}

function createLiveLine(output: NodeJS.WriteStream): View {
  const clearLine = '\r\x1b[K';
  const running = new Set<RunningStep>();
  const draw = (): void => {
    const line = [...running].map(describe).join('  ·  ');
    output.write(clearLine + line.slice(0, (output.columns || 80) - 1));
  };
  return {
    print: (line) => void output.write(`${clearLine}${line}\n`),
    show(step) {
      running.add(step);
      const redraw = setInterval(draw, REDRAW_MS);
      return () => {
        clearInterval(redraw);
        running.delete(step);
        output.write(clearLine);
      };
    },
  };
}

function describe(step: RunningStep): string {
  return step.text === '' ? `${step.title} ${elapsed(step)}` : `${step.title} ${elapsed(step)}: ${step.text}`;
}

function elapsed(step: RunningStep): string {
  return `${((performance.now() - step.startedAtMs) / 1000).toFixed(1)} s`;
}

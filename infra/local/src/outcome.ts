/** How a command ended. */
export interface Outcome {
  exitCode: number;
  /** Printed after everything was stopped, as the very last line. */
  lastLine?: string;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/** As `Report.revision`. */
export async function readRevision(): Promise<string> {
  const options = { cwd: import.meta.dirname, timeout: TIMEOUT_MS };
  return run('git', ['describe', '--always', '--dirty=+', '--abbrev=10', '--exclude=*'], options).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Pattern {
  readonly matches: RegExp;
  readonly isException: boolean;
}

/** The files that `COPY . .` copies: all that the .dockerignore leaves. */
export function listBuildContext(folder: string): string[] {
  const patterns = readFileSync(join(folder, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toPattern);
  const list = (path: string): string[] =>
    readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === '.git' ? [] : list(name);
      return isIgnored(name, patterns) ? [] : [name];
    });
  return list('');
}

/** The last pattern that fits decides; one that fits a folder fits all that is in it. */
function isIgnored(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split('/');
  const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  const last = patterns.findLast(({ matches }) => prefixes.some((prefix) => matches.test(prefix)));
  return last !== undefined && !last.isException;
}

/** Only what this .dockerignore uses: a star within a name, and folders at any depth. */
function toPattern(line: string): Pattern {
  const isException = line.startsWith('!');
  const text = isException ? line.slice(1) : line;
  const words = text.split('**/').map((word) => word.replace(/[.+^$()[\]{}|\\]/g, '\\$&').replace(/\*/g, '[^/]*'));
  const expression = words.join('(?:.*/)?');
  return { matches: new RegExp(`^${expression}$`), isException };
}

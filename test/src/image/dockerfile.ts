import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DockerfileParser } from 'dockerfile-ast';

export const repository = new URL('../../..', import.meta.url).pathname;

interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** As it is written, on one line. */
  readonly rest: string;
}

/** What one `FROM` of the Dockerfile makes, in order. */
export interface Stage {
  readonly name: string;
  /** An image, or a stage before it. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

export function readDockerfile(): Stage[] {
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const instruction of DockerfileParser.parse(
    readFileSync(join(repository, 'Dockerfile'), 'utf8'),
  ).getInstructions()) {
    const keyword = instruction.getKeyword();
    const rest = instruction.getArgumentsContent()?.replace(/\\\n/g, ' ') ?? '';
    if (keyword === 'FROM') {
      const [from = '', , name = ''] = rest.split(/\s+/);
      stages.push({ name, from, instructions: [] });
    } else stages.at(-1)?.instructions.push({ keyword, rest });
  }
  return stages;
}

/** What an image of that stage is made by, all stages that it comes from included. */
export function instructionsOf(stages: readonly Stage[], name: string): Instruction[] {
  const stage = stages.find((each) => each.name === name);
  return stage === undefined ? [] : [...instructionsOf(stages, stage.from), ...stage.instructions];
}

/** `ENV` of that stage and those it comes from. */
export function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const words = instructions.filter(({ keyword }) => keyword === 'ENV').flatMap(({ rest }) => rest.split(/\s+/));
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
}

/** The words of the last `CMD`, `ENTRYPOINT` or, behind `CMD`, `HEALTHCHECK`, which must be in the exec form. */
export function wordsOf(instructions: readonly Instruction[], keyword: 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK'): string[] {
  const rest = instructions.findLast((each) => each.keyword === keyword)?.rest ?? '';
  return JSON.parse(rest.slice(rest.indexOf('['))) as string[];
}

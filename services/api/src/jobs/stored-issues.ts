import { findJobByName, type Queryable } from '@ccluster/db';
import { InputRefused, type InputIssue, type RequestedPlacement } from '@ccluster/domain';
import { findPlacementIssues } from './check-placement.js';

/** What a new job asks for of what is stored; null: that part of the input cannot be read. */
export interface Asked {
  readonly name: string | null;
  readonly requestedPlacement: RequestedPlacement | null;
  readonly parallelism: number;
}

/** What is wrong with it as things are stored now, with paths from the input of the job. */
export async function findStoredIssues(db: Queryable, organizationId: string, asked: Asked): Promise<InputIssue[]> {
  const { name, requestedPlacement, parallelism } = asked;
  const isTaken = name !== null && (await findJobByName(db, organizationId, name)) !== undefined;
  return [
    ...(isTaken ? [nameTaken(name)] : []),
    ...(requestedPlacement === null
      ? []
      : await findPlacementIssues(db, organizationId, requestedPlacement, parallelism)),
  ];
}

/**
 * An input as `parse` gives it. Throws `InputRefused` with everything that is wrong with it: to the issues of the input
 * it adds those of what is stored.
 * @param readAsked what an input that is refused asks for, as far as its fields are fine
 */
export async function parseOrRefuse<Parsed>(
  db: Queryable,
  organizationId: string,
  parse: () => Parsed,
  readAsked: (isFine: (field: string) => boolean) => Asked,
): Promise<Parsed> {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const { issues } = error;
    const asked = readAsked((field) => !issues.some((issue) => issue.path[0] === field));
    throw new InputRefused([...issues, ...(await findStoredIssues(db, organizationId, asked))]);
  }
}

export function nameTaken(name: string): InputIssue {
  const message = `name must be unique among the organization's jobs; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'JOB_NAME_TAKEN', message };
}

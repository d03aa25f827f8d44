import { findJobByName, type Queryable } from '@ccluster/db';
import { InputRefused, parseRequestedPlacement, type InputIssue, type RequestedPlacement } from '@ccluster/domain';
import { findPlacementIssues } from './check-placement.js';
import type { PlacementInput } from './placement.input.js';

/** What a new job asks for of what is stored. */
export interface Asked {
  /** null: it cannot be read. */
  readonly name: string | null;
  readonly requestedPlacement: RequestedPlacement;
  readonly parallelism: number;
}

/** Whether nothing is wrong with the part of an input at a path. */
export type IsFine = (...path: readonly string[]) => boolean;

/** What is wrong with it as things are stored now, with paths from the input of the job. */
async function findStoredIssues(db: Queryable, organizationId: string, asked: Asked): Promise<InputIssue[]> {
  const { name, requestedPlacement, parallelism } = asked;
  return [
    ...(await findNameIssues(db, organizationId, name)),
    ...(await findPlacementIssues(db, organizationId, requestedPlacement, parallelism)),
  ];
}

/**
 * The same for what is about to be stored, except that a name that is taken is among them only where something else is
 * wrong, too: otherwise storing it shows that.
 */
export async function findIssuesBeforeStoring(
  db: Queryable,
  organizationId: string,
  { name, requestedPlacement, parallelism }: Asked,
): Promise<InputIssue[]> {
  const issues = await findPlacementIssues(db, organizationId, requestedPlacement, parallelism);
  return issues.length === 0 ? [] : [...(await findNameIssues(db, organizationId, name)), ...issues];
}

async function findNameIssues(db: Queryable, organizationId: string, name: string | null): Promise<InputIssue[]> {
  const isTaken = name !== null && (await findJobByName(db, organizationId, name)) !== undefined;
  return isTaken ? [nameTaken(name)] : [];
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
  readAsked: (isFine: IsFine) => Asked,
): Promise<Parsed> {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const { issues } = error;
    const asked = readAsked((...path) => !issues.some((issue) => path.every((key, i) => issue.path[i] === key)));
    throw new InputRefused([...issues, ...(await findStoredIssues(db, organizationId, asked))]);
  }
}

/** The placement that a refused input asks for, as far as its fields are fine. */
export function readPlacement(unsafePlacement: PlacementInput | null | undefined, isFine: IsFine): RequestedPlacement {
  const fields = Object.entries(unsafePlacement ?? {}).filter(([field]) => isFine('placement', field));
  return parseRequestedPlacement(Object.fromEntries(fields));
}

export function nameTaken(name: string): InputIssue {
  const message = `name must be unique among the organization's jobs; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'JOB_NAME_TAKEN', message };
}

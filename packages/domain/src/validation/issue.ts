/** One thing wrong with an input. */
export interface InputIssue {
  /** Where it is, from the root of the input: `['env', 2, 'name']`. */
  readonly path: InputPath;
  /** `INVALID`, or the code of a rule that has its own. */
  readonly code: string;
  /** The field, the rule and, unless it is secret, the value. */
  readonly message: string;
}

export type InputPath = readonly (string | number)[];

/** An input that breaks rules, with everything that is wrong with it. */
export class InputRefused extends Error {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map((issue) => issue.message).join('; '));
    this.name = 'InputRefused';
    this.issues = issues;
  }
}

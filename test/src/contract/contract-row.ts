/** One rule that callers may rely on, and the tests that hold the product to it. */
export interface ContractRow {
  /** The field, code, operation or promise that the rule is about. */
  readonly row: string;
  /** In one sentence. */
  readonly rule: string;
  readonly tests: readonly Proof[];
}

export interface Proof {
  /** From the root of the repository. */
  readonly file: string;
  /** As it stands there: (part of) the title of a test or of its group, or the words of its line in a table. */
  readonly title: string;
}

/** One proof for each title in the same file. */
export function provedBy(file: string, ...titles: readonly string[]): Proof[] {
  return titles.map((title) => ({ file, title }));
}

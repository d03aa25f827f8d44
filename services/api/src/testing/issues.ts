import type { Answer } from './test-caller.js';

/** `path: code` of each issue, and the code of an error without issues. */
export function refusalsOf({ errors = [] }: Pick<Answer, 'errors'>): string[] {
  return errors.flatMap(({ extensions }) => {
    const issues = extensions?.['issues'] as { path: (string | number)[]; code: string }[] | undefined;
    return issues?.map(({ path, code }) => `${path.join('.')}: ${code}`) ?? [String(extensions?.['code'])];
  });
}

/**
 * Like Promise.all, but lets every one come to its end before it throws the first failure:
 * what is stopped afterwards is then everything that was started.
 */
export async function allOrFirstFailure<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/**
 * Waits until all have come to an end, and only then fails with the first failure, so that nothing goes on behind the
 * back of what follows.
 */
export async function allSettled<T extends readonly unknown[] | []>(promises: T): Promise<Settled<T>> {
  const results = await Promise.allSettled(promises);
  const failed = (results as PromiseSettledResult<unknown>[]).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return Promise.all(promises);
}

type Settled<T extends readonly unknown[]> = { -readonly [Key in keyof T]: Awaited<T[Key]> };

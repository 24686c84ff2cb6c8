/**
 * Waits until all have come to an end, and only then fails with the first failure, so that nothing goes on behind the
 * back of what follows.
 */
export async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

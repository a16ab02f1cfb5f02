// Bounded concurrency, in order of arrival. The first error stops new work and is thrown once what runs has ended.

export async function eachLimited<T>(
  values: readonly T[],
  limit: number,
  work: (value: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < values.length && !failed) {
      const index = next++;
      try {
        await work(values[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(limit, values.length)) }, worker);
  const ended = await Promise.allSettled(workers);
  const rejected = ended.find((one) => one.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
}

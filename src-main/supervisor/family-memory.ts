/** Adds what their children hold to `parents`: a capture process is ended for its ffmpeg's memory too. Bytes by pid. */
export function familyMemory(
  own: ReadonlyMap<number, number>,
  parents: readonly number[],
  childrenOf: (pid: number) => readonly { readonly memoryBytes: number }[],
): Map<number, number> {
  const all = new Map(own);
  for (const pid of parents) {
    const children = childrenOf(pid).reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    if (children > 0) all.set(pid, (own.get(pid) ?? 0) + children);
  }
  return all;
}

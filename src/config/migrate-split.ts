// Shares of traffic when some that had one are left out: the others keep their proportions, and make up a hundred.

/** By name, in whole percent; what had nothing gets nothing. Sums to 100 where anything had a share. */
export function rescaled(shares: readonly (readonly [string, number])[]): Map<string, number> {
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  if (sum === 0 || sum === 100) return new Map(shares);
  const exact = shares.map(([name, share]) => ({ name, share: (share * 100) / sum }));
  const whole = new Map(exact.map(({ name, share }) => [name, Math.floor(share)]));
  let left = 100 - [...whole.values()].reduce((total, share) => total + share, 0);
  // The largest remainder first; of equal ones the first.
  const byRest = [...exact].sort((a, b) => (b.share % 1) - (a.share % 1));
  for (const { name } of byRest) {
    if (left === 0) break;
    whole.set(name, (whole.get(name) ?? 0) + 1);
    left -= 1;
  }
  return whole;
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Wall seconds of some work, several times; `before` is not counted. */
export async function wallSeconds(
  times: number,
  work: () => Promise<unknown>,
  before: (round: number) => void | Promise<void> = () => undefined,
): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < times; round += 1) {
    await before(round);
    const began = performance.now();
    await work();
    seconds.push((performance.now() - began) / 1000);
  }
  return seconds;
}

/** A row of a Markdown table: what, median, all figures. */
export function row(what: string, seconds: readonly number[]): string {
  const all = seconds.map((one) => one.toFixed(2)).join(", ");
  return `| ${what} | ${median(seconds).toFixed(2)} s | ${all} |`;
}

/** A field of a 32-bit register. */
export interface Bits {
  readonly high: number;
  readonly low: number;
  /** In place, as an unsigned number. */
  readonly mask: number;
}

/** Reads "15:8" or "8"; nothing where that is no field of 32 bits. */
export function parseBits(text: string): Bits | undefined {
  const [high = NaN, low = high] = text.split(":").map(Number);
  if (!(high >= low && low >= 0 && high < 32)) return undefined;
  return { high, low, mask: (2 ** (high - low + 1) - 1) * 2 ** low };
}

import type { RequestedOption } from "../plan/node.ts";
import { parseDotConfig } from "./dot-config.ts";

/** An option that a fragment asked for and that the final .config does not hold. */
export interface LostOption {
  readonly requested: RequestedOption;
  /** What the .config holds; "n" also where the option is absent. */
  readonly got: string;
}

/** Compares numbers by value: Kconfig may write 0X10 or 0x0010 otherwise than it was asked for. */
function sameValue(wanted: string, got: string): boolean {
  if (wanted === got) return true;
  const number = /^(?:-?[0-9]+|0[xX][0-9a-fA-F]+)$/;
  if (!number.test(wanted) || !number.test(got)) return false;
  const hexadecimal = (text: string): boolean => /^0[xX]/.test(text);
  if (hexadecimal(wanted) !== hexadecimal(got)) return false;
  return hexadecimal(wanted) ? BigInt(wanted) === BigInt(got) : Number(wanted) === Number(got);
}

/**
 * Requested options that a .config does not hold. "n", "is not set" and absence are the same; m is not y.
 */
export function lostOptions(requested: readonly RequestedOption[], dotConfig: string): LostOption[] {
  const values = parseDotConfig(dotConfig);
  return requested.flatMap((option) => {
    const got = values.get(option.option) ?? "n";
    return sameValue(option.value, got) ? [] : [{ requested: option, got }];
  });
}

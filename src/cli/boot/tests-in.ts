import { testsOf } from "../../boot/test-selection.ts";
import type { Bootable } from "./bootable.ts";

/** Names of the self-tests in a target's image, as far as its recipes tell. */
export function testsIn({ prepared }: Bootable): readonly string[] | undefined {
  return testsOf([...prepared.planned.checked.components.values()].map(({ recipe }) => recipe));
}

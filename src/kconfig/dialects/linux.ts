import { shellQuote } from "../../text/shell-quote.ts";
import { cParserDialect } from "./c-parser.ts";

/** Linux: what scripts/kconfig/merge_config.sh does, without its need to write into the tree. */
export const linux = cParserDialect({
  defconfig: ({ defconfig }) => `kconfig ${shellQuote(defconfig)}\n`,
  settle: `merge /obj/.config > /tmp/merged.config
cp /tmp/merged.config /obj/.config
kconfig olddefconfig
`,
  confTarget: "olddefconfig",
});

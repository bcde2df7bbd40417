import { shellQuote } from "../../text/shell-quote.ts";
import { cParserDialect } from "./c-parser.ts";

/**
 * U-Boot: the request is laid over the minimal defconfig, not over the full .config, so that defaults which
 * follow from a requested option are not held back by the values they had before.
 */
export const uBoot = cParserDialect({
  defconfig: ({ defconfig }) => `kconfig ${shellQuote(defconfig)}\n`,
  settle: `kconfig savedefconfig
merge /obj/defconfig > /tmp/merged.config
cp /tmp/merged.config /obj/.config
kconfig olddefconfig
`,
  confTarget: "olddefconfig",
});

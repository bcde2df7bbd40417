import { shellQuote } from "../../text/shell-quote.ts";
import { cParserDialect } from "./c-parser.ts";

/**
 * BusyBox: its Kconfig of 2005 has no olddefconfig; a defconfig read from the merged file does the same. It
 * prints every question with its answer, a thousand lines, which is shown only where it failed.
 */
export const busybox = cParserDialect({
  defconfig: ({ defconfig }) => `quietly kconfig ${shellQuote(defconfig)}\n`,
  settle: `merge /obj/.config > /tmp/merged.config
rm /obj/.config
quietly kconfig KBUILD_DEFCONFIG=/tmp/merged.config defconfig
`,
  confTarget: "oldconfig",
  // Its test for ncurses is a C program of before 1999, which gcc 14 refuses.
  menuArguments: " HOSTCC='gcc -Wno-error=implicit-int'",
});

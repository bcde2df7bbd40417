import { shellQuote } from "../../text/shell-quote.ts";

/** What a kconfig step of a recipe says. */
export interface ConfigRequest {
  /** A make target or file name that the tree knows. */
  readonly defconfig: string;
  /** Make arguments, as in ARCH=riscv. */
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * What differs between the builds that use Kconfig. Every member is bash for the sandbox: /src is read-only,
 * /obj is where the tree's build would keep its .config, the merged request is /generated/requested.config.
 */
export interface Dialect {
  /** Makes /out/.config from the defconfig and the request. */
  readonly render: (request: ConfigRequest) => string;
  /** Makes /out/.config from the defconfig alone: the base of `config --diff`. */
  readonly base: (request: ConfigRequest) => string;
  /** Prints a JSON line for every option in $NVLAB_LOST; needs /obj as render left it, or makes it again. */
  readonly explain: (request: ConfigRequest) => string;
  /** The tree's own menu on the terminal, then /out/.config; what it began with is /out/before.config. */
  readonly menuconfig: (request: ConfigRequest) => string;
  /** Puts /config/.config where the tree's build looks for it. */
  readonly install: (request: ConfigRequest) => string;
  /** The program of nvlab, seen at /project/<path>, with which explain looks at the tree. */
  readonly explainer: string;
}

/** The request merged over a base file, on standard output: base lines of requested options are left out. */
export const mergeFunction = `merge() {
  awk '
    function option(line) {
      if (line ~ /^# CONFIG_[A-Za-z0-9_]+ is not set$/) return substr(line, 3, length(line) - 13)
      if (line ~ /^CONFIG_[A-Za-z0-9_]+=/) return substr(line, 1, index(line, "=") - 1)
      return ""
    }
    FILENAME == ARGV[1] { asked[option($0)] = 1; next }
    !(option($0) in asked)
  ' /generated/requested.config "$1"
  cat /generated/requested.config
}
`;

/** Make arguments, each quoted for bash. */
export function makeArguments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${shellQuote(`${name}=${value}`)}`)
    .join("");
}

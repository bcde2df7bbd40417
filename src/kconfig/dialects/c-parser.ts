import { makeArguments, mergeFunction, type ConfigRequest, type Dialect } from "./dialect.ts";

/** What differs between the trees whose Kconfig is the kernel's C program. */
interface Family {
  /** Makes /obj/.config from the defconfig alone, with the `kconfig` function (make in the tree). */
  readonly defconfig: (request: ConfigRequest) => string;
  /** Merges /generated/requested.config into it and lets Kconfig settle the rest. */
  readonly settle: string;
  /** A make target that starts the `conf` program and changes nothing that matters. */
  readonly confTarget: string;
  /** Make arguments without which the tree's menu does not build. */
  readonly menuArguments?: string;
}

const explainer = "kernel-configs/explain/lost-options.c";

/** Folder of the tree's parser below /src and /obj. */
const parser = "scripts/kconfig";

function preamble(request: ConfigRequest): string {
  return `export KCONFIG_NOTIMESTAMP=1
kconfig() { make -s -C /src O=/obj${makeArguments(request.arguments)} "$@"; }
quietly() { "$@" > /tmp/kconfig.log || { cat /tmp/kconfig.log; return 1; } }
${mergeFunction}`;
}

const keep = "install -Dm644 /obj/.config /out/.config\n";

/**
 * The explainer is linked with the objects of the tree's own parser and put in the place of its conf, so that
 * the tree's makefiles give it their environment (srctree, SRCARCH, compiler versions). It is removed at the
 * end: a kept /obj must not find it there the next time.
 */
function explainScript(family: Family): string {
  return `{
  if [ ! -x /obj/${parser}/conf ]; then kconfig ${family.confTarget}; fi
  objects=()
  for object in /obj/${parser}/*.o; do
    case "\${object##*/}" in
      conf.o | mconf.o | nconf*.o | gconf.o | qconf.o | mnconf-common.o | images.o | kxgettext.o | kconfig_load.o) ;;
      *) objects+=("$object") ;;
    esac
  done
  flags=()
  if grep -qs sym_hashtable /src/${parser}/internal.h; then flags+=(-DKCONFIG_HASHTABLE); fi
  if ! grep -q dir_dep /src/${parser}/expr.h; then flags+=(-DKCONFIG_NO_DIR_DEP); fi
  if ! grep -q 'struct symbol \\*, const char \\*' /src/${parser}/lkc_proto.h; then
    flags+=(-DKCONFIG_NO_SYMBOL_IN_PRINT)
  fi
  gcc -O1 -w -DKBUILD_NO_NLS -DLKC_DIRECT_LINK "\${flags[@]}" \\
    -I /src/${parser} -I /obj/${parser} -I /src/scripts/include \\
    -o /tmp/lost-options /project/${explainer} "\${objects[@]}"
  trap 'rm -f /obj/${parser}/conf' EXIT
  cp /tmp/lost-options /obj/${parser}/conf
  export NVLAB_EXPLANATION=/tmp/explanation.jsonl
  kconfig ${family.confTarget}
} >&2
cat /tmp/explanation.jsonl
`;
}

/** A dialect around the kernel's C parser, from what its tree does otherwise than the others. */
export function cParserDialect(family: Family): Dialect {
  const settled = (request: ConfigRequest): string =>
    `${preamble(request)}${family.defconfig(request)}${family.settle}`;
  return {
    render: (request) => settled(request) + keep,
    base: (request) => `${preamble(request)}${family.defconfig(request)}${keep}`,
    explain: (request) =>
      `${preamble(request)}if [ ! -f /obj/.config ]; then
${family.defconfig(request)}${family.settle}fi >&2
${explainScript(family)}`,
    menuconfig: (request) => `${settled(request)}cp /obj/.config /out/before.config
kconfig${family.menuArguments ?? ""} menuconfig
${keep}`,
    // An equal file keeps its time, so that a kept /obj does not settle its configuration again.
    install: () => "cmp -s /config/.config /obj/.config || install -Dm644 /config/.config /obj/.config\n",
    explainer,
  };
}

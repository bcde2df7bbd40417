import type { KernelModuleStep } from "../recipe/schema/step.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { inspectScript } from "./inspect-script.ts";
import { moduleBuild, symbolVersions } from "./outputs.ts";

/** Counted up whenever the same rendered step would give other modules or be checked otherwise. */
const version = 2;

type KernelModule = KernelModuleStep["kernel-module"];

export interface RenderedModule {
  readonly script: string;
  /** Outputs of other components, seen at /in/<reference>; each with its path below the step. */
  readonly references: readonly { readonly text: string; readonly path: (string | number)[] }[];
  readonly outputs: readonly string[];
  readonly modules: { readonly files: readonly string[]; readonly inspect: string };
}

/** What a step takes from other components. */
export function moduleReferences(step: KernelModule): RenderedModule["references"] {
  return [
    { text: `${step.kernel}/${moduleBuild}`, path: ["kernel-module", "kernel"] },
    ...step.uses.map((component, index) => ({
      text: `${component}/${symbolVersions}`,
      path: ["kernel-module", "uses", index],
    })),
  ];
}

/**
 * Builds external modules by kbuild's M= in a copy of /src that can be written to, as trees of vendors expect. The copy
 * and the kernel's part are kept between incremental builds, until the kernel's part is another one.
 */
export function renderModule(step: KernelModule): RenderedModule {
  const kernel = shellQuote(`/in/${step.kernel}/${moduleBuild}`);
  const others = step.uses.map((component) => `/in/${component}/${symbolVersions}`);
  const tree = `/obj/module${step.directory === undefined ? "" : `/${step.directory}`}`;
  const make = [
    "make -C /obj/kernel",
    `M=${tree}`,
    ...(others.length > 0 ? [`KBUILD_EXTRA_SYMBOLS=${shellQuote(others.join(" "))}`] : []),
    ...Object.entries(step.arguments).map(([name, value]) => `${name}=${shellQuote(value)}`),
    "modules",
  ];
  const script = `# nvlab kernel-module step, version ${version}
if ! sha256sum --check --status /obj/kernel.sha256 2> /dev/null; then
  rm -rf /obj/kernel /obj/module /obj/files
  mkdir /obj/kernel
  tar -C /obj/kernel --no-same-owner -xf ${kernel}
  sha256sum ${kernel} > /obj/kernel.sha256
fi
(cd /src && find . -mindepth 1 ! -type d -print0 | LC_ALL=C sort -z) > /obj/files.now
if [ -e /obj/files ]; then
  LC_ALL=C comm -z -23 /obj/files /obj/files.now | (cd /obj/module && xargs -0r rm -f --)
  # A makefile may no longer build what it built before.
  find /obj/module -name '*.ko' -type f -delete
fi
mv /obj/files.now /obj/files
cp -R --preserve=mode,timestamps --remove-destination --no-dereference -T /src /obj/module
chmod -R u+w /obj/module
${make.join(" ")}
extra=/out/modules/lib/modules/$(< /obj/kernel/include/config/kernel.release)/extra
mkdir -p "$extra"
find /obj/module -name '*.ko' -type f -printf '%P\\n' | LC_ALL=C sort > /obj/built
for module in ${step.modules.join(" ")}; do
  built=$(find /obj/module -name "$module" -type f -print -quit)
  if [ -n "$built" ]; then
    install -m 644 "$built" "$extra/$module"
    # What is no object file is refused with the rest, by name.
    "\${CROSS_COMPILE:-}strip" --strip-debug "$extra/$module" || true
  fi
done
cp ${tree}/${symbolVersions} /out/${symbolVersions}`;
  return {
    script,
    references: moduleReferences(step),
    outputs: ["modules", symbolVersions],
    modules: { files: step.modules, inspect: inspectScript(kernel, others, step.modules) },
  };
}

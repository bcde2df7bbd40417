import type { Failure } from "../failure/failure.ts";
import type { ExportedSymbol, InspectedModule, Inspection } from "./inspection.ts";
import { gplOnlySymbol, missingNamespace, noLicense, undefinedSymbol } from "./symbol-failure.ts";

/** What the kernel takes as compatible with the GPL (include/linux/license.h). */
const gplCompatible = new Set([
  "GPL",
  "GPL v2",
  "GPL and additional rights",
  "Dual BSD/GPL",
  "Dual MIT/GPL",
  "Dual MPL/GPL",
]);

/** Everything for which the kernel would refuse one of a component's modules; `wanted` are the declared files. */
export function checkModules(
  component: string,
  wanted: readonly string[],
  inspection: Inspection,
): Failure[] {
  return wanted.flatMap((file) => {
    const module = inspection.modules.find((one) => one.file === file);
    const places = inspection.built.filter((path) => isFile(path, file));
    if (!module || places.length === 0) return [notBuilt(component, file, inspection.built)];
    if (places.length > 1) return [builtTwice(file, places)];
    return checkModule(module, inspection, wanted);
  });
}

/** Whether a path ends in this very name: kernel-drm.ko is not drm.ko. */
function isFile(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

function checkModule(
  module: InspectedModule,
  inspection: Inspection,
  siblings: readonly string[],
): Failure[] {
  const { file, vermagic, licenses } = module;
  const failures: Failure[] = [];
  if (vermagic !== inspection.vermagic) failures.push(otherKernel(file, vermagic, inspection.vermagic));
  if (licenses.length === 0) failures.push(noLicense(file));
  for (const symbol of module.undefinedSymbols) {
    const exported = inspection.exports.get(symbol);
    if (exported) failures.push(...checkSymbol(module, symbol, exported, inspection, siblings));
    else failures.push(undefinedSymbol(file, symbol));
  }
  return failures;
}

function checkSymbol(
  { file, licenses, imports, checksums }: InspectedModule,
  symbol: string,
  exported: ExportedSymbol,
  { modversions, built }: Inspection,
  siblings: readonly string[],
): Failure[] {
  const failures: Failure[] = [];
  const exporter = `${exported.module.slice(exported.module.lastIndexOf("/") + 1)}.ko`;
  const beside = built.some((path) => isFile(path, exporter));
  if (beside && !siblings.includes(exporter)) failures.push(notInstalled(file, symbol, exporter));
  if (exported.gplOnly && licenses.length > 0 && !licenses.every((license) => gplCompatible.has(license))) {
    failures.push(gplOnlySymbol(file, symbol, licenses.join(", ")));
  }
  if (exported.namespace !== "" && !mayUse(file, imports, exported.namespace)) {
    failures.push(missingNamespace(file, symbol, exported.namespace));
  }
  // Assembly has none where nobody declared its prototype; then there is nothing to compare.
  const compared = modversions && Number(exported.checksum) !== 0;
  if (compared && checksums.get(symbol) !== exported.checksum) {
    failures.push({
      code: "NVLAB_MODULE",
      message: `${file} was built against another ${symbol}: its checksum is ${checksums.get(symbol) ?? "missing"}, the kernel's ${exported.checksum}`,
      hint: "build it from source against this kernel: an object file that was made elsewhere cannot be used",
    });
  }
  return failures;
}

/** A namespace is imported, or names the modules that may use it: "module:kvm,snd-*". */
function mayUse(file: string, imports: readonly string[], namespace: string): boolean {
  if (!namespace.startsWith("module:")) return imports.includes(namespace);
  const name = file.replace(/\.ko$/, "").replaceAll("-", "_");
  return namespace
    .slice("module:".length)
    .split(",")
    .map((one) => one.trim().replaceAll("-", "_"))
    .some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
}

function notBuilt(component: string, file: string, built: readonly string[]): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `'${component}' built no ${file}`,
    hint:
      built.length === 0
        ? "it built no module at all: look at obj-m in its makefile"
        : `it built ${built.join(", ")}`,
  };
}

function builtTwice(file: string, places: readonly string[]): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `${file} was built more than once: ${places.join(", ")}`,
    hint: "the kernel knows a module by its name: build the one that is meant, with 'directory'",
  };
}

function otherKernel(file: string, vermagic: string | undefined, expected: string): Failure {
  if (vermagic === undefined) {
    return {
      code: "NVLAB_MODULE",
      message: `${file} has no vermagic: it is no module of a kernel`,
      hint: "look for what the makefile puts there under that name, or for a file that comes with the source",
    };
  }
  return {
    code: "NVLAB_MODULE",
    message: `${file} is for another kernel: its vermagic is '${vermagic}', this kernel's '${expected}'`,
    hint: "build it from source against this kernel, and look for a .ko that comes with the source",
  };
}

function notInstalled(file: string, symbol: string, exporter: string): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `${file} needs the symbol ${symbol} of ${exporter}, which is built and not installed`,
    hint: `name ${exporter} in 'modules' too`,
  };
}

import type { Failure } from "../failure/failure.ts";

export function noLicense(file: string): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `${file} does not say its licence`,
    hint: 'add MODULE_LICENSE("…") to its source',
  };
}

export function undefinedSymbol(file: string, symbol: string): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `${file} needs the symbol ${symbol}, which neither the kernel nor a component in 'uses' exports`,
    hint: "turn on the kernel option that it belongs to, name the component that exports it in 'uses', or take it out",
  };
}

/** Without a licence where it is only known not to go with the GPL. */
export function gplOnlySymbol(file: string, symbol: string, license?: string): Failure {
  return {
    code: "NVLAB_MODULE",
    message: `${file} may not use ${symbol}, which is for modules under the GPL${license === undefined ? "" : `: its licence is ${license}`}`,
    hint: "do without the symbol, or give the module a licence that goes with the GPL",
  };
}

export function missingNamespace(file: string, symbol: string, namespace: string): Failure {
  const restricted = namespace.startsWith("module:");
  return {
    code: "NVLAB_MODULE",
    message: `${file} may not use ${symbol}, which is in the namespace ${namespace}`,
    hint: restricted
      ? "the kernel keeps it for the modules that are named there: do without it"
      : `add MODULE_IMPORT_NS("${namespace}") to its source`,
  };
}

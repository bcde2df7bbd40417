import { nvlinkFusion } from "../contract/generated.ts";
import { commonVersion, parseVersion } from "../contract/version.ts";
import { contractBreaches } from "../image/contract-check.ts";
import type { Fault, Observed } from "./fault.ts";
import type { Manifest } from "./manifest.ts";

/** Whether this program can say if a device tree keeps the contract that the manifest names. */
export function knowsContract({ contract }: Manifest): boolean {
  const version = contract?.name === nvlinkFusion.name ? parseVersion(contract.version) : undefined;
  return version !== undefined && commonVersion(nvlinkFusion.version, version) !== undefined;
}

/** Faults of device trees that do not keep the contract which the manifest names, as far as this program knows it. */
export function checkContract(manifest: Manifest, files: ReadonlyMap<string, Observed>): Fault[] {
  if (!knowsContract(manifest)) return [];
  return manifest.artifacts
    .filter(({ kind }) => kind === "device-tree")
    .flatMap(({ path }) => {
      const content = files.get(path)?.content;
      if (content === undefined) return [];
      return contractBreaches(content).map((reason): Fault => ({ kind: "contract", path, reason }));
    });
}

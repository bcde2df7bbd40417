import { livenessOf, ownedName, ownerOf } from "../store/process-identity.ts";

const prefix = ".nvlab-";

/** A name in an out folder under which a file is made before it is renamed into place. */
export function temporaryName(): string {
  return `${prefix}${ownedName()}.tmp`;
}

/** True for such a name whose maker is gone: what a killed build leaves. */
export function isAbandoned(name: string): boolean {
  if (!name.startsWith(prefix)) return false;
  const owner = ownerOf(name.slice(prefix.length));
  return owner !== undefined && livenessOf(owner) !== "alive";
}

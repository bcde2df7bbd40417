import { readFileSync } from "node:fs";
import { join } from "node:path";

/** nvlab's own version, from the package.json in its folder. */
export function readVersion(home: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion && typeof manifest.version === "string" ? manifest.version : "unknown";
}

import type { Result } from "../failure/result.ts";
import { ok } from "../failure/result.ts";
import { currentStamp, releaseKey, stampedArtifacts } from "./out-stamp.ts";
import type { ReleaseRequest, WrittenRelease } from "./release-request.ts";

/**
 * Makes the out folder hold exactly this release: artifacts, SHA256SUMS and, last, manifest.json. What is right
 * already is left as it is. Where all of it is, this costs a few lstat calls and loads nothing more.
 * Another nvlab that writes the same folder is waited for.
 */
export async function writeRelease(request: ReleaseRequest): Promise<Result<WrittenRelease>> {
  const key = releaseKey(request.facts, request.artifacts);
  const stamp = currentStamp(request.cacheDir, request.out, key);
  if (stamp !== undefined) {
    return ok({ artifacts: stampedArtifacts(stamp), written: [], removed: [], kept: [] });
  }
  const { fillOutFolder } = await import("./fill-out-folder.ts");
  return fillOutFolder(request, key);
}

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { Statement } from "../attest/statement.ts";
import { BootResults, composeTestResult } from "../attest/test-result.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { sha256Integrity } from "../release/integrity.ts";
import { manifestName } from "../release/known-files.ts";
import type { Manifest } from "../release/manifest.ts";
import { readPlainBytes } from "../release/observe.ts";
import { readManifest } from "../release/read-manifest.ts";
import { largestManifest } from "../release/verify-release.ts";

/**
 * The statement of a boot test's results about a release. The results name the manifest of the images that were booted,
 * which lies beside them: each artifact of the release has to be in it. Fails with NVLAB_SIGN.
 */
export async function testStatement(path: string, manifest: Manifest): Promise<Result<Statement>> {
  const bytes = await readPlainBytes(path, largestManifest);
  const parsed = BootResults.safeParse(parseJson(bytes?.toString("utf8")));
  if (!parsed.success) return refused(`${path} holds no results of a boot test`);
  const results = parsed.data;
  const beside = join(dirname(path), manifestName);
  const booted = await readPlainBytes(beside, largestManifest);
  if (booted === undefined) return refused(`there is no ${beside} that tells what was booted`);
  const sha256 = createHash("sha256").update(booted).digest("hex");
  if (results.manifest !== sha256Integrity(sha256)) {
    return refused(`${path} are results of other images than those that ${beside} names`);
  }
  const tested = new Map(
    readManifest(booted.toString("utf8")).artifacts.map(({ path: name, integrity }) => [name, integrity]),
  );
  const other = manifest.artifacts.find((artifact) => tested.get(artifact.path) !== artifact.integrity);
  if (other) return refused(`the images that were booted have another ${other.path} than the release`);
  const configuration = [{ name: manifestName, digest: { sha256 }, annotations: { target: results.target } }];
  return ok(composeTestResult({ results, artifacts: manifest.artifacts, configuration }));
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function refused(message: string): Result<never> {
  return failed({
    code: "NVLAB_SIGN",
    message,
    hint: "run `nvlab boot --test` on the images that the release was made from",
  });
}

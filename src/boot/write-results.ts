import { createHash } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../failure/result.ts";
import { ok } from "../failure/result.ts";
import { sha256Integrity } from "../release/integrity.ts";
import { manifestName } from "../release/known-files.ts";
import { readPlainBytes } from "../release/observe.ts";
import { temporaryName } from "../release/temporary-name.ts";
import { largestManifest } from "../release/verify-release.ts";
import type { BootTestOutcome } from "./boot-outcome.ts";
import { renderJunit } from "./junit.ts";
import { testResults } from "./test-results.ts";
import { writeFailure } from "./write-failure.ts";

/** Writes junit.xml and test-results.json beside the images, each whole or not at all; the value is their paths. */
export async function writeTestResults(
  folder: string,
  target: string,
  outcome: BootTestOutcome,
): Promise<Result<string[]>> {
  const manifest = await manifestIntegrity(folder);
  const texts = {
    "junit.xml": renderJunit(target, outcome),
    "test-results.json": `${JSON.stringify(testResults(target, outcome, manifest), null, 2)}\n`,
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const written = await writeResultFile(folder, name, text);
    if (!written.ok) return written;
    paths.push(written.value);
  }
  return ok(paths);
}

async function manifestIntegrity(folder: string): Promise<string | undefined> {
  const bytes = await readPlainBytes(join(folder, manifestName), largestManifest);
  return bytes && sha256Integrity(createHash("sha256").update(bytes).digest("hex"));
}

/** Writes a file of results beside the images, whole or not at all; the value is its path. Fails with NVLAB_OUT. */
export async function writeResultFile(folder: string, name: string, text: string): Promise<Result<string>> {
  const temporary = join(folder, temporaryName());
  try {
    await writeFile(temporary, text);
    await rename(temporary, join(folder, name));
    return ok(join(folder, name));
  } catch (error) {
    return writeFailure(error, join(folder, name));
  } finally {
    await rm(temporary, { force: true });
  }
}

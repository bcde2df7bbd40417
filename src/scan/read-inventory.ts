import { createHash } from "node:crypto";
import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { offsetOf, positionAt, syntaxErrorAt } from "../lock/json-position.ts";
import { sha256OfIntegrity } from "../release/integrity.ts";
import { manifestName } from "../release/known-files.ts";
import { readPlainBytes } from "../release/observe.ts";
import { readManifest } from "../release/read-manifest.ts";
import { CycloneDx } from "./cyclonedx.ts";
import type { Inventory } from "./inventory.ts";
import { takeInventory } from "./take-inventory.ts";

/** An SBOM of every file of a large distribution image has a tenth of it. */
const largestSbom = 256 * 1024 * 1024;
const largestManifest = 16 * 1024 * 1024;

export interface ReadSbom {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  readonly inventory: Inventory;
}

/**
 * Reads the SBOM of a release folder, or one that is given itself. Where the folder's manifest names the SBOM, its
 * digest has to be the one that is written there.
 */
export async function readSbom(path: string): Promise<Result<ReadSbom>> {
  const place = await stat(path).catch(() => undefined);
  if (place === undefined)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no ${path}`,
      hint: "give the folder of a release, or its sbom.cdx.json",
    });
  if (!place.isDirectory()) return readSbomFile(path);
  const manifest = await readPlainBytes(join(path, manifestName), largestManifest);
  const reading = manifest === undefined ? undefined : readManifest(manifest.toString("utf8"));
  const [fault] = reading?.faults ?? [];
  if (fault !== undefined)
    return failed({
      code: "NVLAB_SBOM",
      message: `the ${manifestName} of ${path} is not right, and nothing says which SBOM is its own`,
      hint: `\`nvlab verify ${path}\` says what is wrong; an SBOM can be given by itself`,
    });
  const named = reading?.documents.find(({ kind }) => kind === "sbom");
  const file = join(path, named?.path ?? "sbom.cdx.json");
  if ((await lstat(file).catch(() => undefined)) === undefined)
    return failed({
      code: "NVLAB_SBOM",
      message: `${path} has no SBOM`,
      hint: "`nvlab release` makes a folder with one; images of `nvlab build` have none",
    });
  return readSbomFile(file, named === undefined ? undefined : sha256OfIntegrity(named.integrity));
}

async function readSbomFile(file: string, sha256?: string): Promise<Result<ReadSbom>> {
  const bytes = await readPlainBytes(file, largestSbom);
  if (bytes === undefined)
    return failed({
      code: "NVLAB_SBOM",
      message: `${file} cannot be read: it is no plain file, is larger than ${largestSbom} bytes or is not ours to read`,
    });
  if (sha256 !== undefined && createHash("sha256").update(bytes).digest("hex") !== sha256)
    return failed({
      code: "NVLAB_SBOM",
      message: `${file} was altered: its digest is not the one in ${manifestName}`,
      hint: "take the release again from where it came from",
    });
  const text = bytes.toString("utf8");
  const inventory = parseSbom(text, file);
  return inventory.ok ? ok({ path: file, text, inventory: inventory.value }) : inventory;
}

/** The inventory of a CycloneDX JSON text; every fault of it has its place in `file`. */
export function parseSbom(text: string, file: string): Result<Inventory> {
  const fault = (message: string, offset: number): Failure => ({
    code: "NVLAB_SBOM",
    message,
    at: { file, ...positionAt(text, offset) },
    hint: "a CycloneDX SBOM as JSON is wanted",
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed(fault("this is no JSON", syntaxErrorAt(text) ?? 0));
  }
  const checked = CycloneDx.safeParse(value);
  if (checked.success) return ok(takeInventory(checked.data));
  return failed(
    ...checked.error.issues
      .slice(0, 20)
      .map(({ path, message }) =>
        fault(`${path.map(String).join(".") || "the document"}: ${message}`, offsetOf(text, path)),
      ),
  );
}

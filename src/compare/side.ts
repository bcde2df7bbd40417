import { open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { hashFile } from "../release/hash-file.ts";
import { sha256OfIntegrity } from "../release/integrity.ts";
import { manifestName } from "../release/known-files.ts";
import type { Manifest } from "../release/manifest.ts";
import { readPlainBytes } from "../release/observe.ts";
import { readManifest } from "../release/read-manifest.ts";
import { describeFault } from "../release/verify-text.ts";
import type { ByteSource } from "./elf.ts";

const largestManifest = 16 * 1024 * 1024;

/** One of the two things that are compared. */
export interface Side {
  /** As the person named it. */
  readonly label: string;
  readonly folder: string;
  /** A manifest that was given by itself promises no files beside it. */
  readonly alone: boolean;
  readonly manifest: Manifest;
  /** The manifest as it was read. */
  readonly text: string;
}

/** A file that a manifest names. */
export interface NamedFile {
  readonly path: string;
  readonly size: number;
  readonly integrity: string;
}

/** Opens a release folder, an out folder or the manifest.json of one. Only the manifest is read. */
export async function openSide(path: string, label: string): Promise<Result<Side>> {
  const place = await stat(path).catch(() => undefined);
  if (place === undefined)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no ${label}`,
      hint: "give two folders that `nvlab build` or `nvlab release` made, or their manifest.json",
    });
  const alone = !place.isDirectory();
  const file = alone ? path : join(path, manifestName);
  const bytes = await readPlainBytes(file, largestManifest);
  if (bytes === undefined) return failed(unusable(`${label} has no ${manifestName} that can be read`));
  const text = bytes.toString("utf8");
  const { manifest, faults } = readManifest(text);
  if (manifest === undefined || faults.length > 0) {
    return failed({
      ...unusable(`the manifest of ${label} is not right`),
      details: faults.slice(0, 10).map((fault) => `${fault.path}: ${describeFault(fault)}`),
    });
  }
  return ok({ label, folder: alone ? dirname(path) : path, alone, manifest, text });
}

/** What came of a file: its bytes, or why there are none although nothing is wrong. */
export type Reading<T> = { readonly value: T } | { readonly absent: string };

/** Reads a file whole, after checking that its bytes are those of the manifest. */
export async function readNamed(side: Side, file: NamedFile): Promise<Result<Reading<Buffer>>> {
  const bytes = await checked(side, file, async (path) => readPlainBytes(path, file.size));
  return bytes;
}

/**
 * Gives a file to be read in pieces, after checking that its bytes are those of the manifest. It is closed when
 * `work` has ended.
 */
export async function withNamed<T>(
  side: Side,
  file: NamedFile,
  work: (bytes: ByteSource) => Promise<T>,
): Promise<Result<Reading<T>>> {
  return checked(side, file, async (path) => {
    const handle = await open(path, "r");
    try {
      return await work({
        size: file.size,
        read: async (offset, length) => {
          const buffer = Buffer.alloc(Math.max(0, Math.min(length, file.size - offset)));
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
          return buffer.subarray(0, bytesRead);
        },
      });
    } finally {
      await handle.close();
    }
  });
}

async function checked<T>(
  side: Side,
  file: NamedFile,
  read: (path: string) => Promise<T | undefined>,
): Promise<Result<Reading<T>>> {
  const path = join(side.folder, file.path);
  const digests = await hashFile(path).catch((error: unknown) =>
    error instanceof Error && "code" in error ? String(error.code) : String(error),
  );
  if (typeof digests === "string") {
    if (digests === "ENOENT" && side.alone)
      return ok({ absent: `${side.label} stands alone, without ${file.path}` });
    return failed(unusable(`${file.path} of ${side.label} cannot be read (${digests})`));
  }
  if (digests.sha256 !== sha256OfIntegrity(file.integrity))
    return failed(
      unusable(`${file.path} of ${side.label} was altered: its digest is not that of the manifest`),
    );
  const value = await read(path);
  return value === undefined
    ? failed(unusable(`${file.path} of ${side.label} cannot be read`))
    : ok({ value });
}

function unusable(message: string): Failure {
  return { code: "NVLAB_COMPARE", message, hint: "`nvlab verify` says what is wrong with a folder" };
}

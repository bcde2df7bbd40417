import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { composeRebuild } from "../attest/rebuild.ts";
import { renderStatement } from "../attest/statement.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { readManifest } from "../release/read-manifest.ts";
import { attestationPath } from "../release/signature-files.ts";
import { renderEnvelope, signEnvelope, statementPayloadType } from "../sign/dsse.ts";
import { keyId, type PrivateKey } from "../sign/key.ts";
import { readPrivateKey } from "../sign/read-key.ts";
import type { Reproduced } from "./reproduce-target.ts";

export interface StatementRequest {
  /** Where an unsigned statement goes. */
  readonly file: string | undefined;
  /** A private key: the statement is signed and put into the release. */
  readonly key: string | undefined;
  /** Release folder, or its manifest. */
  readonly release: string | undefined;
  /** URI. */
  readonly rebuilder: string | undefined;
  /** Only some components are rebuilt. */
  readonly partly: boolean;
}

/** Somebody's machine, for which nobody vouches. */
const localRebuilder = "pkg:generic/nvlab#rebuilder/local";

/** Finds what is wrong with a request before hours of building; reads the key. */
export async function checkStatementRequest(
  request: StatementRequest,
): Promise<Result<PrivateKey | undefined>> {
  const { file, key, release, partly, rebuilder } = request;
  const usage = (message: string, hint: string) => failed({ code: "NVLAB_USAGE" as const, message, hint });
  if (rebuilder !== undefined && !/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(rebuilder))
    return usage(
      `--rebuilder has to be a URI, and ${JSON.stringify(rebuilder)} is none`,
      "as in https://ci.example.org",
    );
  if (partly && (file !== undefined || key !== undefined))
    return usage("a rebuild of single components is no statement about a release", "leave --component out");
  if (key === undefined) return ok(undefined);
  const folder = release === undefined ? undefined : await stat(release).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    return usage("--key signs for a release", "name its folder with --from DIR");
  return readPrivateKey(key);
}

/**
 * Writes what was found as an in-toto statement: to a file, or signed (DSSE) into the release's attestations.
 * @returns path of what was written
 */
export async function writeStatement(
  { report, manifestText }: Reproduced,
  { file, release, rebuilder = localRebuilder }: StatementRequest,
  key: PrivateKey | undefined,
): Promise<Result<string | null>> {
  const manifest = manifestText === undefined ? undefined : readManifest(manifestText).manifest;
  const { manifestSha256 } = report;
  if (manifest === undefined || manifestSha256 === null) return ok(null);
  const statement = renderStatement(
    composeRebuild({
      rebuilder,
      manifestSha256,
      artifacts: manifest.artifacts,
      different: report.differences.map(({ path }) => path),
      variations: [...report.variations],
    }),
  );
  if (file !== undefined) {
    const written = await put(file, statement);
    if (!written.ok || key === undefined) return written;
  }
  if (key === undefined || release === undefined) return ok(null);
  const envelope = signEnvelope(statementPayloadType, Buffer.from(statement), key);
  return put(join(release, attestationPath("reproduce", keyId(key.publicKey))), renderEnvelope(envelope));
}

async function put(path: string, text: string): Promise<Result<string>> {
  const temporary = `${path}.${String(process.pid)}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
    return ok(path);
  } catch (error) {
    return failed({ code: "NVLAB_OUT", message: `cannot write ${path}: ${String(error)}` });
  }
}

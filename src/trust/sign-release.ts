import { createHash, sign } from "node:crypto";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { manifestName } from "../release/known-files.ts";
import type { Manifest } from "../release/manifest.ts";
import { readPlainBytes } from "../release/observe.ts";
import { outFailure } from "../release/out-failure.ts";
import { writeTextInto } from "../release/place-file.ts";
import {
  attestationFileAt,
  attestationPath,
  signatureFiles,
  type AttestationKind,
} from "../release/signature-files.ts";
import { checkRelease, type CheckedRelease } from "../release/verify-release.ts";
import { describeFault } from "../release/verify-text.ts";
import { renderStatement, type Statement } from "../attest/statement.ts";
import {
  joinSignatures,
  renderEnvelope,
  signEnvelope,
  statementPayloadType,
  type Envelope,
} from "../sign/dsse.ts";
import { keyId, type PrivateKey } from "../sign/key.ts";
import { largestMinisig, parseMinisig, signMinisign } from "../sign/minisign.ts";
import { renderTrustedComment } from "../sign/trusted-comment.ts";
import {
  aboutFaults,
  checkAttestation,
  largestEnvelope,
  parseEnvelope,
  parseStatement,
} from "./check-attestation.ts";
import { describeTrustFault } from "./fault.ts";
import { testStatement } from "./test-statement.ts";

export interface SigningRequest {
  /** A release folder, or its manifest.json. */
  readonly path: string;
  readonly key: PrivateKey;
  readonly expires?: Date;
  /** test-results.json of a boot test of these very artifacts. */
  readonly testResults?: string;
  readonly signal?: AbortSignal;
}

export interface SignedRelease {
  readonly folder: string;
  readonly target: string;
  readonly version: string;
  readonly key: string;
  /** Paths in the release that were written, in that order. */
  readonly written: readonly string[];
}

/**
 * Signs a release that verifies: its statements, SHA256SUMS and, last, its manifest. Other signers' signatures stay. Fails
 * with NVLAB_SIGN where the folder is no release or does not verify.
 */
export async function signRelease(request: SigningRequest): Promise<Result<SignedRelease>> {
  const checked = await checkRelease(request.path, "nothing", request.signal);
  if (!checked.ok) return checked;
  const { folder, manifest, report } = checked.value;
  if (manifest === undefined || !report.ok) {
    return refused(
      folder,
      "does not verify",
      report.faults.map((fault) => `${fault.path}: ${describeFault(fault)}`),
    );
  }
  const statements = await statementsOf(request, checked.value, manifest);
  if (!statements.ok) return statements;
  const group = await groupOf(folder, request.key);
  if (!group.ok) return group;
  const kept = await keptStatements(request.key, checked.value, manifest, statements.value);
  if (!kept.ok) return kept;
  const named = [...statements.value, ...kept.value];
  const files = [
    ...statements.value.map(({ path, envelope }) => ({ path, text: renderEnvelope(envelope) })),
    ...signatureTexts(request, checked.value, manifest, named, group.value),
  ];
  try {
    for (const { path, text } of files) await writeTextInto(folder, path, text);
  } catch (error) {
    const failure = outFailure(error, folder);
    if (failure === undefined) throw error;
    return failed(failure);
  }
  return ok({
    folder,
    target: manifest.target,
    version: manifest.releaseVersion,
    key: keyId(request.key.publicKey),
    written: files.map(({ path }) => path),
  });
}

interface SignedStatement {
  readonly path: string;
  readonly envelope: Envelope;
}

async function statementsOf(
  { key, testResults }: SigningRequest,
  { folder, manifest: whole }: CheckedRelease,
  manifest: Manifest,
): Promise<Result<SignedStatement[]>> {
  const document = whole?.documents?.find(({ kind }) => kind === "provenance");
  if (document === undefined) {
    return refused(folder, "is no release: its manifest names no provenance", []);
  }
  const provenance = await readPlainBytes(join(folder, document.path), largestEnvelope);
  const statement = provenance && parseStatement(provenance);
  if (provenance === undefined || statement === undefined) {
    return refused(folder, `has no in-toto statement in ${document.path}`, []);
  }
  const signed: SignedStatement[] = [];
  const add = async (kind: AttestationKind, made: Statement, payload: Buffer): Promise<Result<void>> => {
    const path = attestationPath(kind, keyId(key.publicKey));
    const faults = aboutFaults({ path, kind }, made, manifest);
    if (faults.length > 0) return refused(folder, `and ${path} do not agree`, faults.map(describeTrustFault));
    const envelope = signEnvelope(statementPayloadType, payload, key);
    const before = parseEnvelope((await readPlainBytes(join(folder, path), largestEnvelope))?.toString());
    const joined = before?.payload === envelope.payload ? joinSignatures(before, envelope) : envelope;
    signed.push({ path, envelope: joined });
    return ok(undefined);
  };
  const added = await add("provenance", statement, provenance);
  if (!added.ok) return added;
  if (testResults !== undefined) {
    const made = await testStatement(testResults, manifest);
    if (!made.ok) return made;
    const tested = await add("test-result", made.value, Buffer.from(renderStatement(made.value)));
    if (!tested.ok) return tested;
  }
  return ok(signed);
}

/** Statements that this signer has signed before and that stay, as one of a rebuild: the new signature names them too. */
async function keptStatements(
  key: PrivateKey,
  { folder, files }: CheckedRelease,
  manifest: Manifest,
  made: readonly SignedStatement[],
): Promise<Result<SignedStatement[]>> {
  const kept: SignedStatement[] = [];
  for (const { path } of files) {
    const file = attestationFileAt(path);
    if (file?.keyId !== keyId(key.publicKey) || made.some((one) => one.path === path)) continue;
    const text = (await readPlainBytes(join(folder, path), largestEnvelope))?.toString("utf8");
    const trusted = { name: keyId(key.publicKey), key: key.publicKey };
    const around = { manifest, signed: new Map<string, Buffer>(), keys: [trusted], now: new Date(0) };
    const { faults } = checkAttestation({ ...file, text }, around);
    const envelope = parseEnvelope(text);
    if (faults.length > 0 || envelope === undefined) {
      return refused(folder, `has a ${path} that does not hold`, faults.map(describeTrustFault));
    }
    kept.push({ path, envelope });
  }
  return ok(kept);
}

/** The key id in the names of this signer's files; undefined for the first signer. */
async function groupOf(folder: string, key: PrivateKey): Promise<Result<string | undefined>> {
  const own = keyId(key.publicKey);
  const [first] = signatureFiles();
  const bytes = await readPlainBytes(join(folder, first?.path ?? ""), largestMinisig);
  if (bytes === undefined) return ok(undefined);
  const before = parseMinisig(bytes.toString("utf8"));
  if (before === undefined) {
    return refused(folder, `has a ${first?.path ?? ""} that is no signature`, ["remove it, and sign again"]);
  }
  return ok(before.keyId === own ? undefined : own);
}

function signatureTexts(
  { key, expires }: SigningRequest,
  { signed }: CheckedRelease,
  { releaseVersion: release, target }: Manifest,
  statements: readonly SignedStatement[],
  group: string | undefined,
): { path: string; text: string }[] {
  const digests = new Map(
    statements.map(({ path, envelope }) => [
      path.slice(dirname(path).length + 1),
      createHash("sha256").update(Buffer.from(envelope.payload, "base64")).digest("hex"),
    ]),
  );
  const texts = signatureFiles(group).map(({ path, of, form }) => {
    const content = signed.get(of) ?? Buffer.alloc(0);
    if (form === "raw") return { path, text: `${sign(null, content, key.object).toString("base64")}\n` };
    const comment = renderTrustedComment({
      file: of,
      release,
      target,
      ...(expires && { expires }),
      statements: of === manifestName ? digests : new Map(),
    });
    return { path, text: signMinisign(content, comment, key) };
  });
  // The manifest's minisign signature is the one that says that all is there.
  return [...texts.slice(1), ...texts.slice(0, 1)];
}

function refused(folder: string, what: string, details: readonly string[]): Result<never> {
  return failed({
    code: "NVLAB_SIGN",
    message: `${folder} ${what}`,
    ...(details.length > 0 && { details }),
    hint: "`nvlab release` makes a folder that can be signed",
  });
}

import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { releaseChecksums } from "../../../src/release/checksums.ts";
import type { Manifest } from "../../../src/release/manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import type { Envelope } from "../../../src/sign/dsse.ts";
import { renderEnvelope, signEnvelope } from "../../../src/sign/dsse.ts";
import { keys, write } from "./release.ts";

/** Something that is done to a release. `another` is a genuine release of the same signers. */
export interface Tampering {
  readonly kind: string;
  readonly apply: (folder: string, another: string) => void;
}

/** Every file below a folder with what it is, to see whether a tampering changed anything. */
export function snapshot(folder: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = lstatSync(join(folder, path));
    hash.update(`${path}\0${stat.isSymbolicLink() ? readlinkSync(join(folder, path)) : String(stat.mode)}\0`);
    if (stat.isFile()) hash.update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex");
}

/** Every file of a release by its path. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => lstatSync(join(folder, path)).isFile())
    .sort();
}

const plainName = fc.stringMatching(/^[a-z]{1,8}$/);
const strangeName = fc.constantFrom(
  "\u001b[2J",
  "a\nb",
  "..hidden",
  "manifest.json~",
  "MANIFEST.JSON",
  "manifest.json.0123456789ABCDEF.minisig",
  "SHA256SUMS.sig",
  "build-report.json",
  "test-results.json",
  "logs",
  "attestations/provenance.dsse.json.bak",
  "attestations/reproduce.0123456789ABCDEF.dsse.json",
  "attestations/test-result.0123456789ABCDEF.dsse.json",
  "attestations/more/provenance.dsse.json",
  "licenses/__proto__",
);

/** All that may be done to a release with these files. */
export function tamperings(files: readonly string[]): fc.Arbitrary<Tampering> {
  const any = fc.constantFrom(...files);
  const signature = fc.constantFrom(...files.filter((path) => /\.(minisig|sig)$/.test(path)));
  const envelope = fc.constantFrom(...files.filter((path) => path.endsWith(".dsse.json")));
  const text = fc.constantFrom(...files.filter((path) => /sig$|json$|SUMS$/.test(path)));
  const position = fc.nat();
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(any, position, fc.nat(7)).map(flips) },
    { weight: 4, arbitrary: fc.tuple(signature, position, fc.nat(7)).map(flips) },
    { weight: 4, arbitrary: fc.tuple(envelope, position, fc.nat(7)).map(flips) },
    {
      weight: 2,
      arbitrary: fc.tuple(any, position, fc.uint8Array({ minLength: 1, maxLength: 9 })).map(inserts),
    },
    { weight: 2, arbitrary: fc.tuple(any, position, fc.integer({ min: 1, max: 20 })).map(cuts) },
    { weight: 2, arbitrary: fc.tuple(any, position).map(truncates) },
    { weight: 1, arbitrary: any.map(empties) },
    { weight: 2, arbitrary: any.map(removes) },
    { weight: 2, arbitrary: fc.tuple(any, fc.oneof(plainName, any, strangeName)).map(renames) },
    { weight: 2, arbitrary: fc.tuple(any, any).map(swaps) },
    { weight: 2, arbitrary: fc.tuple(any, any).map(copies) },
    { weight: 2, arbitrary: fc.shuffledSubarray([...files], { minLength: 3, maxLength: 6 }).map(rotates) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.oneof(plainName, strangeName), fc.constantFrom("", "x\n", "{}\n")).map(adds),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.oneof(plainName, strangeName), fc.constantFrom("folder", "pipe")).map(addsOther),
    },
    { weight: 2, arbitrary: fc.tuple(any, fc.constantFrom("symbolic", "folder")).map(links) },
    { weight: 1, arbitrary: fc.constantFrom("attestations", "licenses", "debug").map(linksFolder) },
    { weight: 2, arbitrary: fc.tuple(any, fc.boolean()).map(transplants) },
    { weight: 2, arbitrary: fc.tuple(text, fc.constantFrom(...respellings)).map(respells) },
    { weight: 2, arbitrary: fc.tuple(position, position).map(reordersLines) },
    { weight: 4, arbitrary: fc.tuple(manifestEdit, fc.boolean()).map(editsManifest) },
    { weight: 3, arbitrary: fc.tuple(envelope, envelopeEdit).map(editsEnvelope) },
    { weight: 1, arbitrary: signature.map(resigns) },
    { weight: 1, arbitrary: fc.constant(stripsSigner()) },
  );
}

const tampering = (kind: string, apply: Tampering["apply"]): Tampering => ({ kind, apply });

function change(folder: string, path: string, edit: (bytes: Buffer) => Buffer): void {
  writeFileSync(join(folder, path), edit(readFileSync(join(folder, path))));
}

const flips = ([path, at, bit]: [string, number, number]) =>
  tampering("flip a bit", (folder) => {
    change(folder, path, (bytes) => {
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      return bytes;
    });
  });

const inserts = ([path, at, more]: [string, number, Uint8Array]) =>
  tampering("insert bytes", (folder) => {
    change(folder, path, (bytes) => {
      const index = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, index), more, bytes.subarray(index)]);
    });
  });

const cuts = ([path, at, count]: [string, number, number]) =>
  tampering("cut bytes out", (folder) => {
    change(folder, path, (bytes) => {
      const index = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + count)]);
    });
  });

const truncates = ([path, to]: [string, number]) =>
  tampering("truncate", (folder) => {
    truncateSync(join(folder, path), to % lstatSync(join(folder, path)).size);
  });

const empties = (path: string) =>
  tampering("empty", (folder) => {
    writeFileSync(join(folder, path), "");
  });

const removes = (path: string) =>
  tampering("remove", (folder) => {
    rmSync(join(folder, path));
  });

const renames = ([path, to]: [string, string]) =>
  tampering("rename", (folder) => {
    mkdirSync(join(folder, to, ".."), { recursive: true });
    renameSync(join(folder, path), join(folder, to));
  });

const swaps = ([one, two]: [string, string]) =>
  tampering("swap", (folder) => {
    rotate(folder, [one, two]);
  });

const rotates = (paths: string[]) =>
  tampering("re-order", (folder) => {
    rotate(folder, paths);
  });

function rotate(folder: string, paths: readonly string[]): void {
  const contents = paths.map((path) => readFileSync(join(folder, path)));
  for (const [index, path] of paths.entries()) {
    writeFileSync(join(folder, path), contents[(index + 1) % paths.length] ?? "");
  }
}

const copies = ([from, to]: [string, string]) =>
  tampering("copy over", (folder) => {
    if (from !== to) cpSync(join(folder, from), join(folder, to));
  });

const adds = ([path, content]: [string, string]) =>
  tampering("add a file", (folder) => {
    if (!existsSync(join(folder, path))) write(folder, path, content);
  });

const addsOther = ([path, what]: [string, string]) =>
  tampering(`add a ${what}`, (folder) => {
    if (existsSync(join(folder, path))) return;
    mkdirSync(join(folder, path), { recursive: true });
    if (what === "folder") return;
    rmSync(join(folder, path), { recursive: true });
    execFileSync("mkfifo", [join(folder, path)]);
  });

/** The same bytes behind a link, outside or inside the release. */
const links = ([path, how]: [string, string]) =>
  tampering("link", (folder) => {
    const behind = how === "folder" ? join(folder, "debug", "behind") : `${folder}.behind`;
    rmSync(behind, { force: true });
    renameSync(join(folder, path), behind);
    symlinkSync(behind, join(folder, path));
  });

const linksFolder = (path: string) =>
  tampering("link a folder", (folder) => {
    rmSync(`${folder}.behind`, { recursive: true, force: true });
    renameSync(join(folder, path), `${folder}.behind`);
    symlinkSync(`${folder}.behind`, join(folder, path));
  });

/** A file of a genuine release of the same signers, alone or with all its signatures. */
const transplants = ([path, signatures]: [string, boolean]) =>
  tampering("transplant", (folder, another) => {
    for (const file of filesOf(another)) {
      if (file === path || (signatures && /sig$|dsse\.json$/.test(file)))
        write(folder, file, readFileSync(join(another, file)));
    }
  });

const respellings: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.trimEnd(),
  (text) => `${text}\n`,
  (text) => ` ${text}`,
  (text) => `\uFEFF${text}`,
  (text) => text.replace(/[0-9a-f]{8}/, (found) => found.toUpperCase()),
  (text) => text.replace(/=(?=["\n])/, ""),
  (text) => text.replace(/=(?=["\n])/, "=="),
  (text) => text.replace(/\+/, "-").replace(/\//, "_"),
  (text) => text.replace(/ {2}/, " *"),
  (text) => text.replace(/": /, '":\t'),
  (text) => text.replace(/"([a-z])/, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/^\{/, '{\n  "__proto__": {"ok": true},'),
  (text) => text.replace(/^untrusted comment: .*/, "untrusted comment: signature from minisign secret key"),
  (text) => text.replace(/^trusted comment: .*/m, "trusted comment: "),
  (text) => text.replace(/expires:\S+/, "expires:2099-01-01T00:00:00.000Z"),
  (text) => text.replace(/\tstatement:\S+/, ""),
];

const respells = ([path, respell]: [string, (text: string) => string]) =>
  tampering("respell", (folder) => {
    change(folder, path, (bytes) => Buffer.from(respell(bytes.toString("utf8"))));
  });

const reordersLines = ([one, two]: [number, number]) =>
  tampering("re-order lines", (folder) => {
    change(folder, "SHA256SUMS", (bytes) => {
      const lines = bytes.toString("utf8").trimEnd().split("\n");
      const [from, to] = [one % lines.length, two % lines.length];
      [lines[from], lines[to]] = [lines[to] ?? "", lines[from] ?? ""];
      return Buffer.from(`${lines.join("\n")}\n`);
    });
  });

/** Edits that leave a manifest valid, and ones that do not. */
const manifestEdit: fc.Arbitrary<(manifest: Manifest) => void> = fc.oneof(
  fc
    .constantFrom<Partial<Record<keyof Manifest, unknown>>>(
      { releaseVersion: "1.2.1" },
      { releaseVersion: "0.0.1" },
      { target: "qemu-virt-secure" },
      { epoch: 0 },
      { incremental: true },
      { schemaVersion: 2 },
      { schemaVersion: 4 },
      { documents: undefined },
      { documents: [] },
      { artifacts: [] },
      { components: [] },
      { lock: `sha256-${"A".repeat(43)}=` },
      { project: { name: "lab", commit: "d".repeat(40), dirty: false } },
      { project: { name: "lab", commit: null, dirty: true } },
    )
    .map((edit) => (manifest: Manifest) => void Object.assign(manifest, edit)),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom<Record<string, unknown>>(
        { size: 1 },
        { size: -1 },
        { path: "../fw_dynamic.bin" },
        { path: "/etc/passwd" },
        { path: "manifest.json.minisig" },
        { path: "attestations/provenance.dsse.json" },
        { path: "logs/x" },
        { component: "other" },
        { kind: "kernel" },
        { kind: "sbom" },
        { integrity: `sha256-${"A".repeat(43)}= sha512-${"A".repeat(86)}==` },
        { more: 1 },
      ),
    )
    .map(([at, edit]) => (manifest: Manifest) => {
      const listed = [...manifest.artifacts, ...(manifest.documents ?? [])];
      Object.assign(listed[at % listed.length] ?? {}, edit);
    }),
  fc.nat().map((at) => (manifest: Manifest) => {
    manifest.artifacts.splice(at % manifest.artifacts.length, 1);
  }),
  fc.constant((manifest: Manifest) => {
    manifest.artifacts.reverse();
  }),
);

/** `seal`: with a SHA256SUMS that agrees, as somebody would who knows what they do. */
const editsManifest = ([edit, seal]: [(manifest: Manifest) => void, boolean]) =>
  tampering("edit the manifest", (folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
    edit(manifest);
    const text = renderManifest(manifest);
    writeFileSync(join(folder, "manifest.json"), text);
    if (!seal) return;
    const sha256 = createHash("sha256").update(text).digest("hex");
    writeFileSync(join(folder, "SHA256SUMS"), releaseChecksums(manifest, sha256));
  });

type EnvelopeEdit = (envelope: Envelope) => unknown;

const payloadEdit =
  (edit: (statement: Record<string, unknown>) => void): EnvelopeEdit =>
  (envelope) => {
    const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as Record<
      string,
      unknown
    >;
    edit(statement);
    return { ...envelope, payload: Buffer.from(JSON.stringify(statement)).toString("base64") };
  };

const envelopeEdit: fc.Arbitrary<EnvelopeEdit> = fc.constantFrom<EnvelopeEdit[]>(
  payloadEdit((statement) => Object.assign(statement, { predicateType: "https://example.org/other" })),
  payloadEdit((statement) => Object.assign(statement, { subject: [] })),
  payloadEdit((statement) => Object.assign(statement, { predicate: { result: "identical" } })),
  (envelope) => ({ ...envelope, payloadType: "text/plain" }),
  (envelope) => ({ ...envelope, more: true }),
  (envelope) => ({ ...envelope, signatures: [] }),
  (envelope) => ({ ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] }),
  (envelope) => ({ ...envelope, signatures: [...envelope.signatures].reverse() }),
  (envelope) => ({ ...envelope, signatures: envelope.signatures.slice(1) }),
  (envelope) => ({ ...envelope, signatures: envelope.signatures.slice(0, -1) }),
  (envelope) => ({ ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ sig })) }),
  (envelope) => ({ ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid: "", sig })) }),
  (envelope) => ({
    ...envelope,
    signatures: envelope.signatures.map(({ sig }) => ({ keyid: "A".repeat(16), sig })),
  }),
  (envelope) => ({
    ...envelope,
    signatures: envelope.signatures.map(({ keyid }) => ({ keyid, sig: randomBytes(64).toString("base64") })),
  }),
  (envelope) => {
    const payload = Buffer.from(envelope.payload, "base64");
    const { signatures } = signEnvelope(envelope.payloadType, payload, keys.stranger);
    return { ...envelope, signatures: [...envelope.signatures, ...signatures] };
  },
  (envelope) => {
    const payload = Buffer.from(envelope.payload, "base64");
    const [{ sig } = { sig: "" }] = signEnvelope(envelope.payloadType, payload, keys.stranger).signatures;
    return { ...envelope, signatures: envelope.signatures.map(({ keyid }) => ({ keyid, sig })) };
  },
);

const editsEnvelope = ([path, edit]: [string, EnvelopeEdit]) =>
  tampering("edit an attestation", (folder) => {
    const envelope = JSON.parse(readFileSync(join(folder, path), "utf8")) as Envelope;
    const edited = edit(envelope) as Envelope;
    const plain = Object.keys(edited).length === 3 && edited.signatures.every((one) => "keyid" in one);
    const text = plain ? renderEnvelope(edited) : `${JSON.stringify(edited, null, 2)}\n`;
    writeFileSync(join(folder, path), text);
  });

/** A signature by nobody whom anyone knows. */
const resigns = (path: string) =>
  tampering("sign with another key", (folder) => {
    change(folder, path, (bytes) => {
      const lines = bytes.toString("utf8").split("\n");
      const forged = randomBytes(64).toString("base64");
      return Buffer.from([...lines.slice(0, -2), forged, ""].join("\n"));
    });
  });

/** All signature files of the second signer. */
function stripsSigner(): Tampering {
  return tampering("strip a signer", (folder) => {
    for (const path of filesOf(folder))
      if (/\.[0-9A-F]{16}\.(minisig|sig)$/.test(path)) rmSync(join(folder, path));
  });
}

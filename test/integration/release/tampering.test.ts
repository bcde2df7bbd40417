import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderChecksums } from "../../../src/release/checksums.ts";
import { renderManifest } from "../../../src/release/render.ts";
import type { Manifest } from "../../../src/release/manifest.ts";
import { verifyRelease } from "../../../src/release/verify-release.ts";
import { writeRelease } from "../../../src/release/write-release.ts";
import { digestsOf, sampleContents } from "../../unit/release/sample.ts";
import { put, requestIn, temporaryFolder } from "./folder.ts";

type Tampering = (out: string) => void;

const artifact = fc.constantFrom(...Object.keys(sampleContents));
const anyFile = fc.constantFrom(...Object.keys(sampleContents), "manifest.json", "SHA256SUMS");
const plainName = fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => name !== "logs");

const flipsBit = fc.tuple(anyFile, fc.nat(), fc.nat(7)).map(([name, at, bit]): Tampering => (out) => {
  const content = readFileSync(join(out, name));
  const index = at % content.length;
  content[index] = (content[index] ?? 0) ^ (1 << bit);
  writeFileSync(join(out, name), content);
});
const truncates = fc.tuple(anyFile, fc.nat()).map(([name, to]): Tampering => (out) => {
  truncateSync(join(out, name), to % lstatSync(join(out, name)).size);
});
const appends = fc.tuple(anyFile, fc.uint8Array({ minLength: 1, maxLength: 9 })).map(
  ([name, bytes]): Tampering =>
    (out) =>
      writeFileSync(join(out, name), bytes, { flag: "a" }),
);
const removes = anyFile.map(
  (name): Tampering =>
    (out) =>
      rmSync(join(out, name)),
);
const renames = fc.tuple(anyFile, plainName).map(([name, to]): Tampering => (out) => {
  renameSync(join(out, name), join(out, to));
});
const swaps = fc
  .tuple(artifact, artifact)
  .filter(([one, two]) => one !== two)
  .map(([one, two]): Tampering => (out) => {
    renameSync(join(out, one), join(out, "swap"));
    renameSync(join(out, two), join(out, one));
    renameSync(join(out, "swap"), join(out, two));
  });
const adds = plainName.map(
  (name): Tampering =>
    (out) =>
      void put(out, name, ""),
);
const addsFolder = plainName.map(
  (name): Tampering =>
    (out) =>
      mkdirSync(join(out, name)),
);
/** The same bytes, but behind a link. */
const links = anyFile.map((name): Tampering => (out) => {
  renameSync(join(out, name), join(out, "..", "behind"));
  symlinkSync(join(out, "..", "behind"), join(out, name));
});

/** An edited manifest in canonical form, with a SHA256SUMS that agrees: only the artifacts can tell. */
function rewrites(edit: (manifest: Manifest) => void): Tampering {
  return (out) => {
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
    edit(manifest);
    const text = renderManifest(manifest);
    writeFileSync(join(out, "manifest.json"), text);
    const listed = [...Object.entries(sampleContents), ["manifest.json", text] as const];
    const sums = listed.map(([path, content]) => ({ path, sha256: digestsOf(content).sha256 }));
    writeFileSync(join(out, "SHA256SUMS"), renderChecksums(sums));
  };
}
const index = fc.nat(Object.keys(sampleContents).length - 1);
const editsArtifact = fc
  .tuple(
    index,
    fc.oneof(
      fc.nat().map((size) => ({ size: size + 100 })),
      plainName.map((path) => ({ path })),
      fc.constantFrom("../fw", "/fw", "a/./b", "").map((path) => ({ path })),
      fc
        .constantFrom("f", "0", "+")
        .map((sign) => ({ integrity: `sha256-${sign.repeat(43)}= sha512-${sign.repeat(86)}==` })),
      fc.constantFrom({ size: -1 }, { size: null }, { kind: "virus" }, { integrity: "" }, { more: true }),
    ),
  )
  .map(([at, change]) => rewrites(({ artifacts }) => Object.assign(artifacts[at] ?? {}, change)));
const dropsArtifact = index.map((at) => rewrites(({ artifacts }) => artifacts.splice(at, 1)));
const repeatsArtifact = index.map((at) =>
  rewrites(({ artifacts }) => artifacts.push(...artifacts.slice(at, at + 1))),
);
const editsWhole = fc
  .constantFrom(
    { schemaVersion: 4 },
    { schemaVersion: "1" },
    { artifacts: {} },
    { artifacts: null },
    { components: [] as unknown[], more: 1 },
    { epoch: 1.5 },
  )
  .map((change) => rewrites((manifest) => Object.assign(manifest, change)));

const tampering = fc.oneof(
  flipsBit,
  truncates,
  appends,
  removes,
  renames,
  swaps,
  adds,
  addsFolder,
  links,
  editsArtifact,
  dropsArtifact,
  repeatsArtifact,
  editsWhole,
);

describe("whatever is done to a release", () => {
  it("verify finds it", async () => {
    await fc.assert(
      fc.asyncProperty(tampering, async (tamper) => {
        const folder = temporaryFolder();
        const request = requestIn(folder);
        await writeRelease(request);
        tamper(request.out);
        const result = await verifyRelease(request.out);
        expect(result).toMatchObject({ ok: true, value: { ok: false } });
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 150 },
    );
  });

  it("verify answers with a report, however strange the manifest", async () => {
    const request = requestIn(temporaryFolder());
    await writeRelease(request);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((json) => `{"schemaVersion":1,"artifacts":[${json}]}`),
        ),
        async (text) => {
          writeFileSync(join(request.out, "manifest.json"), text);
          const result = await verifyRelease(request.out);
          expect(result).toMatchObject({ ok: true, value: { ok: false } });
        },
      ),
      { numRuns: 100 },
    );
  });
});

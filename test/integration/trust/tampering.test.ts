import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { attestationPath } from "../../../src/release/signature-files.ts";
import { keyId } from "../../../src/sign/key.ts";
import {
  attest,
  faultsOf,
  keys,
  policyOf,
  rebuildOf,
  reportOn,
  signed,
  trusted,
  writeSampleRelease,
} from "./release.ts";
import { filesOf, snapshot, tamperings } from "./tampering.ts";

/** How many are tried, and from which seed: NVLAB_TAMPER_RUNS=20000 takes minutes. */
const runs = Number(process.env.NVLAB_TAMPER_RUNS ?? "400");
const seed = Number(process.env.NVLAB_TAMPER_SEED ?? "20261125");

const folder = mkdtempSync(join(tmpdir(), "nvlab-tamper-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trustedKeys = [trusted("release"), trusted("second"), trusted("rebuilder")];
const policy = policyOf(trustedKeys, { reproduced: { by: trustedKeys.slice(2), threshold: 1 } });

/** Two signers, an expiry, and the statement of a rebuilder: all that a release can have. */
async function signedRelease(name: string, releaseVersion: string): Promise<string> {
  const place = join(folder, name);
  const manifest = writeSampleRelease(place, { releaseVersion });
  attest(place, "reproduce", rebuildOf(manifest), keys.release);
  await signed(place, keys.release, { expires: new Date("2027-06-30") });
  await signed(place, keys.second);
  attest(place, "reproduce", rebuildOf(manifest), keys.rebuilder);
  return place;
}

describe("whatever is done to a signed release", () => {
  it(
    "verify --key finds it",
    async () => {
      const original = await signedRelease("original", "1.2.0");
      const another = await signedRelease("another", "1.1.0");
      expect(await faultsOf(original, policy)).toEqual([]);
      const [before, files] = [snapshot(original), filesOf(original)];
      const tried = new Map<string, number>();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(tamperings(files), async ({ kind, apply }) => {
          count += 1;
          const copy = join(folder, `tampered-${count}`);
          cpSync(original, copy, { recursive: true });
          try {
            apply(copy, another);
            fc.pre(snapshot(copy) !== before);
            expect((await reportOn(copy, policy)).ok, kind).toBe(false);
            tried.set(kind, (tried.get(kind) ?? 0) + 1);
          } finally {
            rmSync(copy, { recursive: true, force: true });
            rmSync(`${copy}.behind`, { recursive: true, force: true });
          }
        }),
        { numRuns: runs, seed, maxSkipsPerRun: 100 },
      );
      const total = [...tried.values()].reduce((sum, one) => sum + one, 0);
      const kinds = [...tried].sort().map(([kind, times]) => `${kind} ${times}`);
      console.log(`tampering: ${total} tried and found, seed ${seed}: ${kinds.join(", ")}`);
      expect(total).toBe(runs);
    },
    Math.max(180_000, runs * 200),
  );

  it("a report comes of any bytes in the place of a signature or attestation", async () => {
    const place = await signedRelease("hostile", "1.2.0");
    const files = [
      "manifest.json.minisig",
      "manifest.json.sig",
      "SHA256SUMS.minisig",
      "attestations/provenance.dsse.json",
      attestationPath("reproduce", keyId(keys.rebuilder.publicKey)),
    ];
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.tuple(fc.json(), fc.string(), fc.string()).map(([payload, keyid, sig]) =>
        Buffer.from(
          `${JSON.stringify(
            {
              payloadType: "application/vnd.in-toto+json",
              payload: Buffer.from(payload).toString("base64"),
              signatures: [{ keyid, sig: Buffer.from(sig).toString("base64") }],
            },
            null,
            2,
          )}\n`,
        ),
      ),
      fc.constantFrom(50_000, 2_000_000).map((depth) => Buffer.from("[".repeat(depth))),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), hostile, async (path, bytes) => {
        const copy = join(folder, "hostile-copy");
        rmSync(copy, { recursive: true, force: true });
        cpSync(place, copy, { recursive: true });
        writeFileSync(join(copy, path), bytes);
        const report = await reportOn(copy, policy);
        expect(report.ok).toBe(false);
        expect(report.trustFaults.map((fault) => fault.path)).toContain(path);
      }),
      { numRuns: 60, seed },
    );
  });
});

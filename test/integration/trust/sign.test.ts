import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { sha256Integrity } from "../../../src/release/integrity.ts";
import type { Manifest } from "../../../src/release/manifest.ts";
import { attestationPath } from "../../../src/release/signature-files.ts";
import { writeRelease } from "../../../src/release/write-release.ts";
import { keyId } from "../../../src/sign/key.ts";
import { signRelease } from "../../../src/trust/sign-release.ts";
import { temporaryFolder } from "../../support/project.ts";
import { requestIn } from "../release/folder.ts";
import {
  attest,
  faultsOf,
  keys,
  policyOf,
  rebuildOf,
  reportOn,
  signed,
  trusted,
  write,
  writeSampleRelease,
} from "./release.ts";

let folder = "";
let manifest: Manifest;

beforeEach(() => {
  folder = join(temporaryFolder(), "release");
  manifest = writeSampleRelease(folder);
});

/** What signing says of a folder that it refuses. */
async function refusal(more: { testResults?: string } = {}): Promise<string> {
  const result = await signRelease({ path: folder, key: keys.release, ...more });
  if (result.ok) return "signed";
  return result.failures
    .map(({ code, message, details = [] }) => [code, message, ...details].join(" "))
    .join("\n");
}

describe("signing refuses, and writes nothing", () => {
  const unsigned = () => readdirSync(folder).every((name) => !name.endsWith("sig"));

  it("a folder that does not verify, and names each fault", async () => {
    write(folder, "fw_dynamic.bin", "Firmware");
    write(folder, "more", "");
    const said = await refusal();
    expect(said).toMatch(/^NVLAB_SIGN .*does not verify/);
    expect(said).toContain("fw_dynamic.bin: was altered");
    expect(said).toContain("more: is not part of the release");
    expect(unsigned()).toBe(true);
  });

  it("an out folder, which is no release", async () => {
    const request = requestIn(temporaryFolder());
    await writeRelease(request);
    folder = request.out;
    expect(await refusal()).toMatch(/^NVLAB_SIGN .*is no release/);
    write(folder, "build-report.json", "{}");
    expect(await refusal()).toMatch(/^NVLAB_SIGN .*build-report\.json: is not part/);
    expect(unsigned()).toBe(true);
  });

  it("a place where there is nothing", async () => {
    folder = join(folder, "nowhere");
    expect(await refusal()).toMatch(/^NVLAB_FILE_MISSING/);
  });

  it("a folder whose first signature is none", async () => {
    write(folder, "manifest.json.minisig", "x");
    expect(await refusal()).toMatch(/^NVLAB_SIGN .*manifest\.json\.minisig that is no signature/);
  });

  it("to vouch again for a statement of its own that does not hold", async () => {
    const path = attest(folder, "reproduce", rebuildOf(manifest), keys.release);
    const envelope = readFileSync(join(folder, path), "utf8");
    write(folder, path, envelope.replace(/"sig": ".{8}/, '"sig": "AAAAAAAA'));
    expect(await refusal()).toMatch(/^NVLAB_SIGN .*that does not hold/);
  });
});

describe("results of a boot test", () => {
  let out = "";
  let results = "";

  const writeResults = (more: object = {}) => {
    const sha256 = createHash("sha256")
      .update(readFileSync(join(out, "manifest.json")))
      .digest("hex");
    const text = {
      resultsVersion: 1,
      target: "qemu-virt",
      passed: true,
      manifest: sha256Integrity(sha256),
      counts: { pass: 1, fail: 0, skip: 0, "expected-fail": 0 },
      tests: [{ number: 1, name: "boots", status: "pass", diagnostics: [], children: [] }],
      failures: [],
      ...more,
    };
    writeFileSync(results, JSON.stringify(text));
  };

  beforeEach(async () => {
    const request = requestIn(temporaryFolder());
    await writeRelease(request);
    out = request.out;
    results = join(out, "test-results.json");
    writeResults();
  });

  it("become a statement about the release that was made from the same images", async () => {
    await signed(folder, keys.release, { testResults: results });
    const policy = policyOf([trusted("release")], {});
    const tested = { ...policy, tested: policy.keys };
    expect(await faultsOf(folder, tested)).toEqual([]);
    expect((await reportOn(folder, tested)).attestations).toContainEqual({
      kind: "test-result",
      path: attestationPath("test-result", keyId(keys.release.publicKey)),
      says: "PASSED",
      signers: [expect.stringContaining("release") as string],
    });
    writeResults({ passed: false, failures: [{ code: "NVLAB_BOOT_TEST", message: "x" }] });
    await signed(folder, keys.release, { testResults: results });
    expect(await faultsOf(folder, tested)).toEqual(["policy-tested manifest.json"]);
  });

  it("of other images, of an unknown time, or none at all are refused", async () => {
    writeResults({ manifest: undefined });
    expect(await refusal({ testResults: results })).toMatch(/^NVLAB_SIGN .*of other images/);
    writeResults();
    const other = join(temporaryFolder(), "results");
    renameSync(results, other);
    expect(await refusal({ testResults: other })).toMatch(/^NVLAB_SIGN there is no .*manifest\.json/);
    writeFileSync(results, "{}");
    expect(await refusal({ testResults: results })).toMatch(/^NVLAB_SIGN .*no results of a boot test/);
    rmSync(folder, { recursive: true });
    writeSampleRelease(folder);
    const request = requestIn(temporaryFolder(), {
      "fw_dynamic.bin": "other",
      "config/linux.config": "CONFIG_SMP=y\n",
    });
    await writeRelease(request);
    [out, results] = [request.out, join(request.out, "test-results.json")];
    writeResults();
    expect(await refusal({ testResults: results })).toMatch(
      /^NVLAB_SIGN the images that were booted have another/,
    );
    expect(existsSync(join(folder, "manifest.json.minisig"))).toBe(false);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScanReport } from "../../../src/scan/scan-release.ts";
import { home, runLine, type Told } from "../../unit/cli/fake-world.ts";
import { osv, sampleBom } from "../../unit/scan/sample.ts";
import { writeFolder } from "../compare/release-folder.ts";

const scratch = mkdtempSync(join(tmpdir(), "nvlab-scan-"));
const high = { severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" }] };
const kernel = {
  package: { ecosystem: "Linux", name: "Kernel" },
  ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "6.19" }] }],
};
const left = { ...kernel, ecosystem_specific: { files: ["drivers/net/none.c"] } };

beforeAll(() => {
  writeFolder(join(scratch, "release"), {
    "fw.bin": "firmware",
    "sbom.cdx.json": JSON.stringify(sampleBom, undefined, 2),
  });
  mkdirSync(join(scratch, "db/2026"), { recursive: true });
  put("db/2026/one.json", osv("CVE-2026-1", kernel, high));
  put("db/2026/two.json", [osv("CVE-2026-2", left, high)]);
  writeFileSync(join(scratch, "db/more.jsonl"), `${JSON.stringify(osv("CVE-2026-4", kernel))}\n\n`);
  put("db/tracker.json", {
    glibc: { "CVE-2026-5": { releases: { trixie: { status: "open", urgency: "low" } } } },
    other: { "CVE-2026-6": {} },
  });
  writeFileSync(join(scratch, "db/README.txt"), "no record");
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function put(path: string, value: unknown): void {
  writeFileSync(join(scratch, path), JSON.stringify(value));
}

function scan(line: string): Promise<Told> {
  return runLine(line, { cwd: scratch });
}

describe("nvlab scan", () => {
  it("finds what a folder of records of several forms knows", async () => {
    const { code, out, err } = await scan("scan release --db db --no-vex");
    expect(code).toBe(0);
    const rows = out.split("\n").map((line) => line.split(/  +/).slice(0, 5));
    expect(rows.slice(1, 5)).toEqual(
      [
        ["CVE-2026-1", "high 7.8", "linux 6.18.15", "6.19", "affected"],
        ["CVE-2026-5", "low", "glibc 2.41-12cross1", "affected"],
        ["CVE-2026-4", "unknown", "linux 6.18.15", "6.19", "affected"],
        ["CVE-2026-2", "high 7.8", "linux 6.18.15", "6.19", "not-built"],
      ].map((row) => expect.arrayContaining(row) as unknown),
    );
    expect(err).toContain("3 affected, 1 not-built");
    expect(err).toContain(`grype sbom:${join(scratch, "release/sbom.cdx.json")}`);
    expect(err).toContain(`osv-scanner scan source --sbom ${join(scratch, "release/sbom.cdx.json")}`);
  });

  it("fails from a severity on", async () => {
    const code = async (level: string) =>
      (await scan(`scan release --db db --no-vex --fail-on ${level}`)).code;
    expect(await Promise.all(["critical", "high", "any"].map(code))).toEqual([0, 1, 1]);
    expect((await scan("scan release --db db --fail-on terrible")).code).toBe(2);
  });

  it("writes a SARIF log beside what it prints", async () => {
    const { out } = await scan("--json scan release --db db --no-vex --sarif scan.sarif");
    const log = JSON.parse(readFileSync(join(scratch, "scan.sarif"), "utf8")) as {
      runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    expect(log.runs[0]?.results).toHaveLength((JSON.parse(out) as ScanReport).findings.length);
    expect(log.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      "release/sbom.cdx.json",
    );
    expect((await scan("scan release --db db --no-vex --format sarif")).out).toBe(
      readFileSync(join(scratch, "scan.sarif"), "utf8"),
    );
  });

  it("hears an OpenVEX document, and names statements about nothing", async () => {
    const statement = (name: string) => ({
      vulnerability: { name },
      products: [{ "@id": "pkg:generic/linux" }],
      status: "not_affected",
      justification: "component_not_present",
    });
    put("vex.json", {
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "x",
      author: "a",
      timestamp: "2026-01-01T00:00:00Z",
      version: 1,
      statements: [statement("CVE-2026-1"), statement("CVE-1999-1")],
    });
    const { code, out } = await scan("--json scan release --db db --vex vex.json --fail-on high");
    const { findings, vex } = JSON.parse(out) as ScanReport;
    expect(code).toBe(0);
    expect(findings.find(({ id }) => id === "CVE-2026-1")?.state).toBe("not-affected");
    expect(vex?.unused).toEqual(["CVE-1999-1"]);
  });

  it("takes the OpenVEX document of the project around", async () => {
    put("power.json", { glibc: { "CVE-2025-5702": { releases: { trixie: { status: "open" } } } } });
    const bom = {
      ...sampleBom,
      components: [
        {
          type: "library",
          name: "glibc",
          version: "2.41-12",
          purl: "pkg:deb/debian/glibc@2.41-12?arch=source&distro=trixie",
        },
      ],
    };
    put("glibc.cdx.json", bom);
    const { out } = await runLine(
      `--json scan ${join(scratch, "glibc.cdx.json")} --db ${join(scratch, "power.json")}`,
      { cwd: home },
    );
    const { findings, vex } = JSON.parse(out) as ScanReport;
    expect(findings).toMatchObject([{ id: "CVE-2025-5702", state: "not-affected" }]);
    expect(vex?.path).toBe(join(home, "security/vex.json"));
  });

  it("tells records that it could not read, and does not pass over them with --fail-on", async () => {
    mkdirSync(join(scratch, "partly"), { recursive: true });
    put("partly/good.json", osv("CVE-2026-7", { ...kernel, ranges: [], versions: ["1.0"] }));
    put("partly/odd.json", { id: "CVE-2026-8", modified: "x", affected: [{ versions: "all" }] });
    writeFileSync(join(scratch, "partly/cut.json"), '{"id": "CVE-2026-9"');
    const { code, err } = await scan("scan release --db partly --no-vex --fail-on critical");
    expect(code).toBe(1);
    expect(err).toContain("not read: CVE-2026-8: affected.0.versions");
    expect(err).toContain("not read: cut.json");
    expect((await scan("scan release --db partly --no-vex")).code).toBe(0);
  });
});

describe("nvlab scan of what is damaged", () => {
  async function failure(line: string): Promise<unknown> {
    const { code, out } = await scan(`--json ${line}`);
    const { failures } = JSON.parse(out) as { failures: { code: string }[] };
    return [code, ...failures.map((one) => one.code)];
  }

  it("refuses an SBOM that is not the one in the manifest", async () => {
    const folder = writeFolder(join(scratch, "altered"), { "sbom.cdx.json": JSON.stringify(sampleBom) });
    writeFileSync(join(folder, "sbom.cdx.json"), JSON.stringify({ ...sampleBom, components: [] }));
    expect(await failure("scan altered --db db")).toEqual([1, "NVLAB_SBOM"]);
  });

  it("refuses a folder without SBOM", async () => {
    writeFolder(join(scratch, "bare"), { "fw.bin": "firmware" });
    expect(await failure("scan bare --db db")).toEqual([1, "NVLAB_SBOM"]);
    expect(await failure("scan nowhere --db db")).toEqual([2, "NVLAB_FILE_MISSING"]);
  });

  it("refuses a database that is none: cut off, packed, empty, of another kind, not there", async () => {
    writeFileSync(join(scratch, "cut.json"), '[{"id": "CVE-1"');
    writeFileSync(join(scratch, "all.zip"), "PK\u0003\u0004…");
    mkdirSync(join(scratch, "nothing"), { recursive: true });
    put("other.json", { name: "no database" });
    for (const name of ["cut.json", "all.zip", "nothing", "other.json"])
      expect(await failure(`scan release --db ${name}`), name).toEqual([1, "NVLAB_ADVISORIES"]);
    expect(await failure("scan release --db absent.json")).toEqual([2, "NVLAB_FILE_MISSING"]);
  });

  it("shows names of somebody else without their control characters", async () => {
    put("evil.json", osv("CVE-2026-\u001b[31m", kernel, { summary: "red \u001b[31m alert" }));
    const { out } = await scan("scan release --db evil.json --no-vex");
    expect(out).toContain("CVE-2026-\uFFFD[31m");
    expect(out).not.toContain("\u001b");
  });
});

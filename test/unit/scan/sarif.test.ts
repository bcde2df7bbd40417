import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { renderSarif } from "../../../src/scan/sarif.ts";
import type { ScanReport } from "../../../src/scan/scan-release.ts";
import { find } from "./find.ts";
import { osv, sampleBom, sampleInventory } from "./sample.ts";

/** The part of SARIF 2.1.0 (OASIS, sections 3.13 to 3.35) that this log uses; nothing else may be in it. */
const text = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1 } },
};
const closed = (required: string[], properties: object) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});
const schema = closed(["version", "runs"], {
  $schema: { type: "string" },
  version: { const: "2.1.0" },
  runs: {
    type: "array",
    items: closed(["tool", "results"], {
      tool: closed(["driver"], {
        driver: closed(["name"], {
          name: { type: "string" },
          version: { type: "string" },
          rules: {
            type: "array",
            uniqueItems: true,
            items: closed(["id"], {
              id: { type: "string" },
              shortDescription: text,
              helpUri: { type: "string" },
              properties: closed([], {
                "security-severity": { type: "string", pattern: "^\\d+\\.\\d$" },
                tags: { type: "array", items: { type: "string" }, uniqueItems: true },
              }),
            }),
          },
        }),
      }),
      columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
      results: {
        type: "array",
        items: closed(["message"], {
          ruleId: { type: "string" },
          ruleIndex: { type: "integer", minimum: -1 },
          level: { enum: ["none", "note", "warning", "error"] },
          message: text,
          locations: {
            type: "array",
            items: closed([], {
              physicalLocation: closed(["artifactLocation"], {
                artifactLocation: closed(["uri"], { uri: { type: "string" } }),
                region: closed([], { startLine: { type: "integer", minimum: 1 } }),
              }),
              logicalLocations: {
                type: "array",
                items: closed([], { name: { type: "string" }, fullyQualifiedName: { type: "string" } }),
              },
            }),
          },
          partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
          suppressions: {
            type: "array",
            items: closed(["kind"], {
              kind: { enum: ["inSource", "external"] },
              status: { enum: ["accepted", "underReview", "rejected"] },
              justification: { type: "string" },
            }),
          },
        }),
      },
    }),
  },
});

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: object }[] };
      };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly suppressions: readonly object[];
        readonly locations: readonly [
          { readonly physicalLocation: { readonly region: { readonly startLine: number } } },
        ];
      }[];
    },
  ];
}

function sarif(database: unknown): Log {
  const findings = find(database, sampleInventory());
  const report: ScanReport = {
    sbom: { path: "/r/sbom.cdx.json", components: 5, product: "qemu-virt 1.0.0" },
    database: { path: "/db.json", records: 3, unreadable: [] },
    findings,
  };
  const log: unknown = JSON.parse(
    renderSarif(report, JSON.stringify(sampleBom, undefined, 2), "sbom.cdx.json", "1.2.3"),
  );
  const validate = new Ajv({ strict: false }).compile(schema);
  validate(log);
  expect(validate.errors).toBeNull();
  return log as Log;
}

const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }];
const kernel = { package: { ecosystem: "Linux", name: "Kernel" }, ranges };

test("a log has one rule a vulnerability, one result a component, at its line in the SBOM", () => {
  const both = { ...kernel.package };
  const high = { severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" }] };
  const busybox = { package: { ecosystem: "x", name: "busybox", purl: "pkg:generic/busybox" }, ranges };
  const record = {
    ...osv(
      "CVE-1-1",
      { package: both, ranges },
      { ...high, references: [{ type: "ADVISORY", url: "https://example.org/1" }] },
    ),
    affected: [kernel, busybox],
  };
  const [{ tool, results }] = sarif([record, osv("CVE-1-2", busybox)]).runs;
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(["CVE-1-1", "CVE-1-2"]);
  expect(tool.driver.rules[0]?.properties).toMatchObject({ "security-severity": "7.8" });
  const lines = JSON.stringify(sampleBom, undefined, 2).split("\n");
  for (const { ruleId, ruleIndex, locations } of results) {
    expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(lines[locations[0].physicalLocation.region.startLine - 1]).toMatch(/"bom-ref": "(linux|busybox)"/);
  }
  expect(results.map(({ level }) => level)).toEqual(["error", "error", "warning"]);
});

test("what does not matter is suppressed, with the reason", () => {
  const files = { ecosystem_specific: { files: ["drivers/net/none.c"] } };
  const [{ results }] = sarif([osv("CVE-1-3", { ...kernel, ...files }), osv("CVE-1-4", kernel)]).runs;
  expect(results.map(({ ruleId, suppressions }) => [ruleId, suppressions])).toEqual([
    ["CVE-1-4", []],
    [
      "CVE-1-3",
      [{ kind: "external", status: "accepted", justification: "not compiled: drivers/net/none.c" }],
    ],
  ]);
});

test("a log without findings is one, too", () => {
  expect(sarif([]).runs[0].results).toEqual([]);
});

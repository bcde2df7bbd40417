import { expect, test } from "vitest";
import { nvlinkFusion } from "../../../src/contract/generated.ts";
import { validateTrees } from "../../../src/check/dt-schema.ts";
import { parseYaml } from "../../../src/recipe/parse-yaml.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { home } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";
import { testRoot } from "../../support/root.ts";
import {
  bindings,
  breachesIn,
  type Change,
  changedBinding,
  compiled,
  examplesOf,
  findingsIn,
} from "./sources.ts";

const base = "dts/qemu-virt.dts";
const nvlink = "dts/overlays/nvlink.dtso";
const overlays = ["dts/overlays/supervisor.dtso", nvlink, "dts/overlays/nvlab.dtso"];
const binding = "dts/bindings/nvidia,nvlink-fusion.yaml";

const asItIs: Change = (_, text) => text;

test("the bindings themselves, and the device tree of qemu-virt, are what dt-schema wants", async () => {
  expect(bindings.map(({ path }) => path)).toContain(binding);
  const [tree = ""] = await compiled(base, overlays, [asItIs]);
  expect(await findingsIn(tree)).toEqual([]);
  expect(breachesIn(tree)).toEqual([]);
});

test("the examples of the binding keep binding and contract", async () => {
  const examples = await examplesOf(binding);
  expect(await findingsIn(examples)).toEqual([]);
  expect(breachesIn(examples)).toEqual([]);
});

test("a binding that is wrong itself is found", async () => {
  const wrong = changedBinding(binding, (text) => text.replace("    maxItems: 1\n", "    maxItem: 1\n"));
  const [tree = ""] = await compiled(base, overlays, [asItIs]);
  expect((await findingsIn(tree, wrong)).join("\n")).toMatch(/nvlink-fusion\.yaml: properties:reg/);
});

test("the binding describes what the contract describes, and requires what it requires", () => {
  const Described = z.looseObject({
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
  });
  const Binding = z.looseObject({
    ...Described.shape,
    patternProperties: z.strictObject({ "^link@[0-9a-f]$": Described }),
  });
  const text = readFileSync(join(home, binding), "utf8");
  const parsed = parseYaml(binding, text, Binding, "NVLAB_YAML");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  const { "^link@[0-9a-f]$": link } = parsed.value.value.patternProperties;
  const pairs = [
    [parsed.value.value, nvlinkFusion.properties],
    [link, nvlinkFusion.link.properties],
  ] as const;
  for (const [described, promised] of pairs) {
    const names = Object.keys(described.properties).filter((name) => name !== "$nodename");
    expect(names.sort()).toEqual(promised.map(({ name }) => name).sort());
    expect([...described.required].sort()).toEqual(
      promised
        .filter(({ required }) => required)
        .map(({ name }) => name)
        .sort(),
    );
  }
});

/** All that the overlay needs below it: dt-schema takes a second for a whole machine. */
const small = `/dts-v1/;
/ {
	model = "small";
	compatible = "test,small";
	#address-cells = <2>;
	#size-cells = <2>;
	pci: pci@30000000 {
		device_type = "pci";
		compatible = "pci-host-ecam-generic";
		reg = <0x0 0x30000000 0x0 0x10000000>;
		#address-cells = <3>;
		#size-cells = <2>;
		ranges = <0x2000000 0x0 0x40000000 0x0 0x40000000 0x0 0x40000000>;
	};
};
`;

/** A change of the overlay of qemu-virt, what dt-schema says of it (nothing where it cannot know), and the contract. */
const broken: [what: string, from: string, to: string, schema: RegExp | undefined, contract: string][] = [
  [
    "another major version",
    "contract = <1 0>",
    "contract = <2 0>",
    /nvidia,contract:0: 1 was expected/,
    "is version 2.0",
  ],
  [
    "no version",
    "nvidia,contract = <1 0>;",
    "",
    /'nvidia,contract' is a required/,
    "nvidia,contract is missing",
  ],
  [
    "no windows",
    "dma-windows = /bits/ 64 <0x0 0x100000000>;",
    "",
    /'dma-windows' is a required/,
    "dma-windows is missing",
  ],
  [
    "windows in 32 bits",
    "/bits/ 64 <0x0 0x100000000>",
    "<0x0 0x10000000>",
    /dma-windows/,
    "dma-windows is no uint64-matrix",
  ],
  [
    "a window that is not aligned",
    "<0x0 0x100000000>",
    "<0x800 0x1000>",
    /dma-windows:0.*4096/,
    "is not aligned",
  ],
  ["windows that overlap", "<0x0 0x100000000>", "<0x0 0x2000 0x1000 0x1000>", undefined, "overlaps window 0"],
  [
    "fewer links than it says",
    "link-count = <4>",
    "link-count = <5>",
    undefined,
    "link-count is 5, and there are 4",
  ],
  [
    "more links than there can be",
    "link-count = <4>",
    "link-count = <17>",
    /link-count: 17/,
    "link-count is 17",
  ],
  ["a link called otherwise", "link@3 {", "link@4 {", undefined, "reg is 3, and the node is called link@4"],
  ["a peer that is nothing known", '"gpu"', '"fpga"', /'fpga' is not one of/, 'nvidia,peer is "fpga"'],
  ["a GPU past the limit", "peer-index = <0>", "peer-index = <16>", /peer-index/, "nvidia,peer-index is 16"],
  ["no lanes", "nvidia,lanes = <4>", "nvidia,lanes = <0>", /nvidia,lanes: 0/, "nvidia,lanes is 0"],
  [
    "a property spelt wrongly",
    "nvidia,lanes",
    "nvidia,lane",
    /'nvidia,lane' does not match|'nvidia,lane' was unexpected/,
    "nvidia,lane is no property",
  ],
  [
    "another kind of child",
    "link@0 {",
    "port@0 {",
    /'port@0' does not match/,
    "port@0 is no node of the contract",
  ],
  ["no identity as a function", '"pci1234,4e46", ', "", /compatible/, 'compatible is "nvidia,nvlink-fusion"'],
  [
    "another address than its name",
    "reg = <0x8000 ",
    "reg = <0x8800 ",
    undefined,
    "reg is 0x8800, and the node is called nvlink@10,0",
  ],
];

test("broken trees are refused: by the binding where a schema can know, and by the contract always", async () => {
  const changes = broken.map(([, from, to]): Change => (path, text) => {
    if (path === base) return small;
    if (!text.includes(from)) throw new Error(`the overlay has no ${from}`);
    return text.replace(from, to);
  });
  const unchanged: Change = (path, text) => (path === base ? small : text);
  const [control = "", ...paths] = await compiled(base, [nvlink], [unchanged, ...changes]);
  const trees = broken.map(([name], index) => ({ name, path: paths[index] ?? "" }));
  trees.push({ name: "control", path: control });
  const found = await validateTrees(
    { root: await testRoot("check"), bindings, trees },
    { cacheDir: temporaryFolder() },
  );
  if (!found.ok) throw new Error(JSON.stringify(found.failures));
  expect(found.value.stray).toEqual([]);
  expect(found.value.findings.filter(({ file }) => file === "control")).toEqual([]);
  for (const [index, [what, , , schema, contract]] of broken.entries()) {
    const said = found.value.findings.filter(({ file }) => file === what).map(({ message }) => message);
    if (schema) expect(said.join("\n"), what).toMatch(schema);
    expect(breachesIn(trees[index]?.path ?? "").join("\n"), what).toContain(contract);
  }
});

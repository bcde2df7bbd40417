import { describe, expect, it } from "vitest";
import { lostOptions } from "../../../src/kconfig/check.ts";
import { asFragment, diffConfigs } from "../../../src/kconfig/diff.ts";
import { parseFragment } from "../../../src/kconfig/fragment.ts";

const before = `CONFIG_A=y
CONFIG_B=m
# CONFIG_C is not set
CONFIG_D=1
CONFIG_GONE=y
`;
const after = `CONFIG_A=y
# CONFIG_B is not set
CONFIG_C=y
CONFIG_D=2
# CONFIG_E is not set
CONFIG_F="new"
`;

describe("diffConfigs", () => {
  it("tells added, removed and changed options apart, each sorted", () => {
    const { added, removed, changed } = diffConfigs(before, after);
    expect(added.map(({ option }) => option)).toEqual(["CONFIG_C", "CONFIG_F"]);
    expect(removed.map(({ option }) => option)).toEqual(["CONFIG_B", "CONFIG_GONE"]);
    expect(changed).toEqual([{ option: "CONFIG_D", before: "1", after: "2" }]);
  });

  it("takes absence and 'is not set' for the same", () => {
    expect(diffConfigs("# CONFIG_A is not set\n", "")).toEqual({ added: [], removed: [], changed: [] });
  });
});

describe("asFragment", () => {
  it("writes what was switched on, off and changed, but not what only went out of sight", () => {
    expect(asFragment(before, after)).toBe(`# CONFIG_B is not set
CONFIG_C=y
CONFIG_D=2
CONFIG_F="new"
`);
  });

  it("gives a fragment that the second configuration grants", () => {
    const parsed = parseFragment("new.config", asFragment(before, after));
    expect(parsed.ok && lostOptions(parsed.value, after)).toEqual([]);
  });

  it("is empty where nothing changed", () => {
    expect(asFragment(before, before)).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { parseVary } from "../../../src/reproduce/parse-vary.ts";
import { variationNames } from "../../../src/reproduce/variation.ts";

function parsed(...texts: string[]): { names: string[]; insideFixed: boolean } {
  const choice = parseVary(texts);
  if (!choice.ok) throw new Error(JSON.stringify(choice.failures));
  return { names: [...choice.value.names], insideFixed: choice.value.insideFixed };
}

describe("parseVary", () => {
  it("varies all fourteen and nothing that the sandbox holds fixed, where nothing is said", () => {
    expect(parsed()).toEqual({ names: [...variationNames], insideFixed: false });
    expect(variationNames).toHaveLength(14);
  });

  it("applies changes from left to right, over several options", () => {
    expect(parsed("-all,+time").names).toEqual(["time"]);
    expect(parsed("-all", "+time,umask").names).toEqual(["time", "umask"]);
    expect(parsed("+all,-time").names).not.toContain("time");
    expect(parsed("-time,+all").names).toContain("time");
  });

  it("takes inside-fixed as a switch of its own, which all does not touch", () => {
    expect(parsed("+inside-fixed,-all").insideFixed).toBe(true);
    expect(parsed("+inside-fixed,-inside-fixed").insideFixed).toBe(false);
  });

  it.each(["tme", "+", "--time", "+all,-\u001b[2Jtime", "TIME"])(
    "refuses %j and says what there is",
    (text) => {
      const choice = parseVary([text]);
      expect(choice).toMatchObject({ ok: false, failures: [{ code: "NVLAB_USAGE" }] });
      if (choice.ok) return;
      expect(choice.failures[0]?.hint).toContain("fileordering");
      expect(choice.failures[0]?.message).not.toContain("\u001b");
    },
  );
});

import { describe, expect, it } from "vitest";
import { parseObservation } from "../../../src/reproduce/observation.ts";
import { parseVary } from "../../../src/reproduce/parse-vary.ts";
import { judgeVariations, missedVariations, type VariedPlace } from "../../../src/reproduce/varied.ts";
import type { Choice } from "../../../src/reproduce/variation.ts";

function choose(text: string): Choice {
  const choice = parseVary([text]);
  if (!choice.ok) throw new Error(text);
  return choice.value;
}

const seen = {
  outside: { num_cpus: "2", time: "1800000000", home: "/root", umask: "0022" },
  inside: { num_cpus: "2", time: "1800000000", home: "/tmp", umask: "0022" },
};

function find(places: readonly VariedPlace[], name: string, place: string): VariedPlace | undefined {
  return places.find((one) => one.name === name && one.place === place);
}

describe("judgeVariations", () => {
  it("calls varied only what the probes saw differ", () => {
    const after = { outside: { ...seen.outside, num_cpus: "1" }, inside: { ...seen.inside, num_cpus: "1" } };
    const places = judgeVariations(choose("+all"), seen, after);
    expect(find(places, "num_cpus", "inside")).toMatchObject({ state: "varied", note: "2 → 1" });
    expect(find(places, "umask", "inside")).toMatchObject({ state: "not-varied" });
    expect(missedVariations(choose("+all"), places).map(({ name }) => name)).toContain("umask");
  });

  it("does not take the minutes between two probes for a varied clock", () => {
    const later = { ...seen, inside: { ...seen.inside, time: String(1800000000 + 3600) } };
    expect(find(judgeVariations(choose("+all"), seen, later), "time", "inside")?.state).toBe("not-varied");
    const months = { ...seen, inside: { ...seen.inside, time: String(1800000000 + 400 * 86400) } };
    expect(find(judgeVariations(choose("+all"), seen, months), "time", "inside")?.state).toBe("varied");
  });

  it("says held fixed of what the sandbox gives all builds alike, and why something was left out", () => {
    const places = judgeVariations(choose("-umask"), seen, seen);
    expect(find(places, "home", "inside")).toMatchObject({ state: "held-fixed", note: "/tmp" });
    expect(find(places, "umask", "inside")).toMatchObject({
      state: "not-varied",
      note: "left out by --vary",
    });
  });

  it("says varied where the sandbox did not hold what it should have held", () => {
    const leaking = { ...seen, inside: { ...seen.inside, home: "/root" } };
    expect(find(judgeVariations(choose("+all"), seen, leaking), "home", "inside")?.state).toBe("varied");
  });

  it("gives the reason why something was out of reach", () => {
    const places = judgeVariations(choose("+all"), seen, seen, { time: "no library" });
    expect(find(places, "time", "inside")).toMatchObject({ state: "not-varied", note: "no library" });
    const one = { outside: { num_cpus: "1" }, inside: { num_cpus: "1" } };
    expect(find(judgeVariations(choose("+all"), one, one), "num_cpus", "inside")?.note).toMatch(/one CPU/);
  });
});

describe("parseObservation", () => {
  it("takes lines of known names and nothing else", () => {
    expect(parseObservation("umask=0002\nnoise\nfoo=1\nhome=/a=b\n")).toEqual({
      umask: "0002",
      home: "/a=b",
    });
  });
});

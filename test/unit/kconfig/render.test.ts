import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { renderBase, renderInstall, renderKconfig, renderMenuconfig } from "../../../src/kconfig/render.ts";
import { KconfigDialect, type KconfigStep } from "../../../src/recipe/schema/step.ts";

const dialects = KconfigDialect.options;

function step(
  dialect: KconfigStep["kconfig"]["dialect"],
  over: Partial<KconfigStep["kconfig"]> = {},
): KconfigStep["kconfig"] {
  return { dialect, defconfig: "defconfig", fragments: [], arguments: {}, ...over };
}

/** bash reads the text without running it; a syntax error throws. */
function parses(script: string): boolean {
  execFileSync("bash", ["-n"], { input: script });
  return true;
}

describe("renderKconfig", () => {
  it.each(dialects)("gives bash that parses for %s", (dialect) => {
    const request = step(dialect, { arguments: { CROSS_COMPILE: "it's" } });
    const rendered = renderKconfig(request, []);
    for (const script of [
      rendered.script,
      rendered.kconfig.explain,
      renderBase(request),
      renderMenuconfig(request),
      renderInstall(request),
    ]) {
      expect(parses(script)).toBe(true);
    }
  });

  it.each(dialects)("promises a .config and asks the tree itself for explanations for %s", (dialect) => {
    const rendered = renderKconfig(step(dialect), []);
    expect(rendered.outputs).toEqual([".config"]);
    expect(rendered.kconfig.explain).toContain(`/project/${rendered.explainerFiles[0] ?? "none"}`);
    expect(rendered.script).not.toContain("/project/");
  });

  it("generates the merged request without comments, so that a comment changes no fingerprint", () => {
    const { texts } = renderKconfig(step("linux"), [
      { option: "CONFIG_PCI", value: "y", file: "a.config", line: 7 },
      { option: "CONFIG_SWAP", value: "n", file: "b.config", line: 9 },
    ]);
    expect(texts).toEqual({ "requested.config": "CONFIG_PCI=y\n# CONFIG_SWAP is not set\n" });
  });

  it("gives the same script for the same step wherever the options were asked for", () => {
    const at = (line: number): string =>
      renderKconfig(step("u-boot"), [{ option: "CONFIG_FIT", value: "y", file: `f${line}`, line }]).script;
    expect(at(1)).toBe(at(200));
  });

  it("passes make arguments quoted, and never -j", () => {
    const { script } = renderKconfig(step("linux", { arguments: { ARCH: "riscv", KCFLAGS: "-O2 -g" } }), []);
    expect(script).toContain("make -s -C /src O=/obj ARCH=riscv 'KCFLAGS=-O2 -g'");
    expect(script).not.toMatch(/ -j/);
  });

  it("runs Kconfiglib of OpenSBI outside the makefile, which would write into /src", () => {
    const { script } = renderKconfig(step("opensbi", { arguments: { PLATFORM: "andes" } }), []);
    expect(script).toContain("/src/platform/andes/configs/defconfig");
    expect(script).not.toContain("make");
  });
});

describe("renderInstall", () => {
  it.each([
    ["linux", "/obj/.config"],
    ["u-boot", "/obj/.config"],
    ["busybox", "/obj/.config"],
    ["opensbi", "/obj/platform/generic/kconfig/.config"],
  ] as const)("puts the .config of %s at %s", (dialect, place) => {
    expect(renderInstall(step(dialect))).toContain(`install -Dm644 /config/.config ${place}\n`);
  });
});

describe("renderBase", () => {
  it.each(dialects)("does not read the request for %s", (dialect) => {
    const script = renderBase(step(dialect)).replace(/^merge\(\) \{[^]*?^\}$/m, "");
    expect(script).not.toContain("/generated/");
    expect(script).toContain("/out/.config");
  });
});

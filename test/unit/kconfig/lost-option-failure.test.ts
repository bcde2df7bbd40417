import { describe, expect, it } from "vitest";
import type { LostOption } from "../../../src/kconfig/check.ts";
import { explainEnvironment, lostOptionFailures } from "../../../src/kconfig/lost-option-failure.ts";

function lose(option: string, value: string, got = "n"): LostOption {
  return { requested: { option, value, file: "kernel-configs/linux/vfio.config", line: 3 }, got };
}

function explain(
  lost: LostOption,
  fields: Record<string, unknown>,
): { message: string; hint: string | undefined } {
  const line = JSON.stringify({ option: lost.requested.option, exists: true, ...fields });
  const [failure] = lostOptionFailures([lost], `make: noise\n{broken\n${line}\n`);
  if (!failure) throw new Error("no failure");
  expect(failure.code).toBe("NVLAB_KCONFIG");
  expect(failure.at).toEqual({ file: "kernel-configs/linux/vfio.config", line: 3, column: 1 });
  return { message: failure.message, hint: failure.hint };
}

const term = (text: string, value: string, options: Record<string, string>): unknown => ({
  term: text,
  value,
  options,
});

describe("lostOptionFailures", () => {
  it("names the option, its line, the whole dependency and the values that do not hold", () => {
    const { message, hint } = explain(lose("CONFIG_VFIO_PCI", "y"), {
      type: "tristate",
      prompt: "VFIO",
      depends: "VFIO && PCI && MMU",
      unmet: [term("VFIO", "n", { VFIO: "n" }), term("PCI", "n", { PCI: "n" })],
    });
    expect(message).toBe(
      "CONFIG_VFIO_PCI=y (kernel-configs/linux/vfio.config:3) was dropped: it depends on VFIO && PCI && MMU; VFIO=n, PCI=n",
    );
    expect(hint).toBe("add CONFIG_VFIO=y and CONFIG_PCI=y");
  });

  it("knows how to meet a negated term and leaves a disjunction to the reader", () => {
    const { hint } = explain(lose("CONFIG_A", "y"), {
      prompt: "A",
      depends: "!EFI && (X || Y) && Z=y",
      unmet: [
        term("!EFI", "n", { EFI: "y" }),
        term("X || Y", "n", { X: "n", Y: "n" }),
        term("Z=y", "n", { Z: "m" }),
      ],
    });
    expect(hint).toBe('add "# CONFIG_EFI is not set" and what makes "X || Y" true and CONFIG_Z=y');
  });

  it("says when a dependency is defined nowhere and shows empty text as such", () => {
    const { message } = explain(lose("CONFIG_A", "y"), {
      depends: "SOC_VIRT && CMDLINE!=",
      unmet: [term("SOC_VIRT", "n", { SOC_VIRT: "undefined" }), term("CMDLINE!=", "n", { CMDLINE: "" })],
    });
    expect(message).toContain('; SOC_VIRT does not exist, CMDLINE=""');
  });

  it("says that an option became a module because of what it depends on", () => {
    const { message } = explain(lose("CONFIG_A", "y", "m"), {
      prompt: "A",
      depends: "B",
      unmet: [term("B", "m", { B: "m" })],
    });
    expect(message).toContain("became m: it depends on B; B=m");
  });

  it("offers similar names for an option that does not exist", () => {
    const { message, hint } = explain(lose("CONFIG_64BITT", "y"), { exists: false, similar: ["64BIT"] });
    expect(message).toContain("was dropped: no Kconfig file of this tree defines it");
    expect(hint).toBe("is it CONFIG_64BIT?");
    expect(explain(lose("CONFIG_Q", "y"), { exists: false, similar: [] }).hint).toContain("remove the line");
  });

  it("names what selects an option that was switched off", () => {
    const { message, hint } = explain(lose("CONFIG_MMU", "n", "y"), {
      prompt: "MMU",
      selectedBy: { PORTABLE: "y", OTHER: "n" },
    });
    expect(message).toContain("is y all the same: it is selected by PORTABLE=y");
    expect(hint).toBe("switch off what selects it: # CONFIG_PORTABLE is not set");
  });

  it("says that a default decides where an option to be switched off has no prompt", () => {
    expect(explain(lose("CONFIG_A", "n", "y"), {}).message).toContain("a default of the tree decides");
  });

  it("names the member of a choice that was chosen instead", () => {
    const { message } = explain(lose("CONFIG_PREEMPT", "y"), {
      prompt: "Preemptible",
      chosen: "PREEMPT_NONE",
    });
    expect(message).toContain("it is one of a choice, and CONFIG_PREEMPT_NONE was chosen");
  });

  it("names the range of a number", () => {
    const { message } = explain(lose("CONFIG_NR_CPUS", "9999", "512"), {
      prompt: "CPUs",
      range: ["2", "512"],
    });
    expect(message).toContain("became 512: its range is 2 to 512");
  });

  it("says that a bool cannot be a module and that text is no number", () => {
    expect(explain(lose("CONFIG_A", "m", "y"), { prompt: "A", type: "bool" }).hint).toBe(
      "ask for CONFIG_A=y",
    );
    expect(explain(lose("CONFIG_A", '"x"', "4"), { prompt: "A", type: "integer" }).message).toContain(
      "it is of the type integer",
    );
  });

  it("names some of the options that select one without a prompt", () => {
    const selectedBy = Object.fromEntries("H G F E D C B A".split(" ").map((name) => [name, "n"]));
    const { message, hint } = explain(lose("CONFIG_IOVA", "y"), { type: "tristate", selectedBy });
    expect(message).toContain("it has no prompt");
    expect(hint).toBe(
      "ask for an option that selects it: CONFIG_A, CONFIG_B, CONFIG_C, CONFIG_D, CONFIG_E, CONFIG_F, and 2 more",
    );
    expect(explain(lose("CONFIG_IOVA", "y"), { type: "bool" }).hint).toContain("no option selects it");
  });

  it("gives a failure for every lost option also where the tree said nothing", () => {
    const failures = lostOptionFailures([lose("CONFIG_A", "y"), lose("CONFIG_B", "y")], "gcc: not found\n");
    expect(failures).toHaveLength(2);
    expect(failures[0]?.message).toContain("did not say why");
  });

  it("stays calm with fields of the wrong type", () => {
    const { message } = explain(lose("CONFIG_A", "y"), {
      prompt: 1,
      unmet: [null],
      selectedBy: [],
      range: ["1"],
    });
    expect(message).toContain("was dropped");
  });
});

it("explainEnvironment names the lost options for the explain script", () => {
  expect(explainEnvironment([lose("CONFIG_A", "y"), lose("CONFIG_B", "m")])).toEqual({
    NVLAB_LOST: "CONFIG_A CONFIG_B",
  });
});

import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { ComponentRecipe } from "../recipe/schema/component.ts";
import type { Machine } from "../recipe/schema/machine.ts";

/** Which self-tests a machine runs: those that take seconds, the long ones too, or these in this order. */
export type TestSelection =
  | { readonly type: "default" }
  | { readonly type: "all" }
  | { readonly type: "named"; readonly names: readonly string[] };

/** Reads the value of --test: true, "all", or names with commas between them. */
export function readSelection(value: true | string): Result<TestSelection> {
  if (value === true) return ok({ type: "default" });
  if (value === "all") return ok({ type: "all" });
  const names = value.split(",");
  const wrong = names.find((name) => !/^[a-z0-9][a-z0-9-]*$/.test(name));
  if (wrong === undefined) return ok({ type: "named", names });
  return failed({
    code: "NVLAB_USAGE",
    message: `'${wrong}' is no name of a test`,
    hint: "--test takes names with commas between them, as in dma-buf,network, or all",
  });
}

/** Words for the kernel that make /init run these tests. */
export function testWords(commandLine: string, selection: TestSelection): string {
  switch (selection.type) {
    case "default":
      return commandLine;
    case "all":
      return `${commandLine}=all`;
    case "named":
      return `${commandLine}=${selection.names.join(",")}`;
  }
}

interface TestedMachine {
  readonly machine: Machine;
  /** For the kernel; none where the machine's disks say it already. */
  readonly words: string | undefined;
}

/** A machine that runs these tests. Fails with NVLAB_USAGE where its signed disks run other ones. */
export function testedMachine(machine: Machine, selection: TestSelection): Result<TestedMachine> {
  const disks = machine["test-disks"];
  if (!disks) return ok({ machine, words: testWords(machine["test-command-line"], selection) });
  if (selection.type === "default") return ok({ machine: { ...machine, disks }, words: undefined });
  return failed({
    code: "NVLAB_USAGE",
    message: "this machine's signed command line says which tests run, and takes no other",
    hint: "leave the names behind --test out, or test a target whose command line takes words",
  });
}

/** How long a machine may take until its verdict. A hung test ends itself; this is for a machine that does not. */
export function usualTimeoutSeconds(selection: TestSelection): number {
  switch (selection.type) {
    case "default":
      return 300;
    case "named":
      return 1200;
    case "all":
      return 3600;
  }
}

const place = /^\/usr\/lib\/nvlab\/tests\/(?:[a-z-]+\/)?\d\d-(.+)$/;

/**
 * Names of the self-tests that these components put into an image, sorted; undefined where a component brings whole
 * folders of them, which only the image itself can list.
 */
export function testsOf(recipes: Iterable<ComponentRecipe>): readonly string[] | undefined {
  const names = new Set<string>();
  for (const { steps } of recipes) {
    for (const entry of steps.flatMap((step) => ("initramfs" in step ? step.initramfs.entries : []))) {
      if ("tree" in entry && `${entry.tree}/`.startsWith("/usr/lib/nvlab/tests/")) return undefined;
      const path = "file" in entry ? entry.file : "link" in entry ? entry.link : "";
      const name = place.exec(path)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return names.size === 0 ? undefined : [...names].sort();
}

/** A failure for each test that was named and is not there. */
export function unknownTests(selection: TestSelection, known: readonly string[] | undefined): Failure[] {
  if (selection.type !== "named" || known === undefined) return [];
  return selection.names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: "NVLAB_USAGE",
      message: `there is no test '${name}'`,
      hint: `tests: ${known.join(", ")}; all runs the long ones too`,
    }));
}

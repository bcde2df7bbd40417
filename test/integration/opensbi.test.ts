import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { baseEnvironment } from "../../src/exec/base-environment.ts";
import { runSandboxed } from "../../src/exec/run-sandboxed.ts";
import { nvlab, testLock } from "../support/program.ts";
import { temporaryFolder } from "../support/project.ts";

interface Built {
  readonly nodes: readonly { readonly node: string; readonly path: string; readonly outcome: string }[];
}

/** The last line of `--json build` is its result. */
function resultOf(stdout: string): Built {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  return (JSON.parse(last) as { data: Built }).data;
}

test("OpenSBI is compiled in the sandbox, comes from the store the second time, and starts in QEMU", async () => {
  const args = [
    "--json",
    "--lock",
    testLock(),
    "build",
    "qemu-virt",
    "--no-frozen",
    "--component",
    "opensbi",
  ];
  const built = await nvlab(args);
  expect(built.stderr + (built.status === 0 ? "" : built.stdout)).toBe(built.stderr);
  expect(built.status).toBe(0);
  const again = resultOf((await nvlab(args)).stdout);
  expect(again.nodes.find(({ node }) => node === "opensbi")?.outcome).toBe("cached");

  const firmware = again.nodes.find(({ node }) => node === "opensbi")?.path ?? "";
  const log = join(temporaryFolder(), "console.log");
  const qemu =
    "/usr/bin/qemu-system-riscv64 -M virt -m 128M -display none -serial stdio -monitor none -bios /images/fw_dynamic.bin";
  const ended = await runSandboxed(
    {
      root: process.env.NVLAB_TEST_BOOT_ROOT ?? "",
      mounts: [{ host: firmware, at: "/images", writable: false }],
      environment: baseEnvironment(0),
      command: ["/usr/bin/timeout", "4", ...qemu.split(" ")],
      cwd: "/tmp",
    },
    { log },
  );
  expect(ended.ok).toBe(true);
  expect(readFileSync(log, "utf8")).toContain("OpenSBI v1.6");
});

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { execa } from "execa";
import { home, nvlab, type ProgramRun, testLock } from "../support/program.ts";

let folder: string;
let out: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-e2e-"));
  out = join(folder, "out");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface BuildResult {
  readonly nodes: readonly { readonly node: string; readonly outcome: string; readonly path: string }[];
}

async function build(...more: string[]): Promise<BuildResult> {
  const run = await nvlab([
    "--json",
    "--lock",
    testLock(),
    "build",
    "qemu-virt",
    "--no-frozen",
    "--out",
    out,
    ...more,
  ]);
  if (run.status !== 0) throw new Error(run.stdout.split("\n").slice(-30).join("\n") + run.stderr);
  const last = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "{}") as { data: BuildResult };
  return last.data;
}

const builtOf = ({ nodes }: BuildResult): string[] =>
  nodes.filter(({ outcome }) => outcome === "built").map(({ node }) => node);

test("qemu-virt is built from real sources, with every image that was promised", async () => {
  await build();
  const images = [
    ...[
      "fw_dynamic.bin",
      "u-boot.bin",
      "Image",
      "initramfs.cpio.zst",
      "qemu-virt.dtb",
      "boot.itb",
      "disk.img",
      "model/nvlink-model",
    ],
    ...["debug/vmlinux", "debug/System.map", "config/linux.config", "config/u-boot.config"],
    ...["manifest.json", "SHA256SUMS", "build-report.json"],
  ];
  expect(images.filter((image) => !existsSync(join(out, image)))).toEqual([]);
});

test("the images verify with nvlab and with plain sha256sum", async () => {
  expect((await nvlab(["verify", out])).status).toBe(0);
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: out });
});

test("the images boot through OpenSBI, U-Boot and the FIT to /init, and every check in the image passes", async () => {
  const run = await nvlab(["--lock", testLock(), "boot", "qemu-virt", "--no-frozen", "--test", "--out", out]);
  expect(run.status, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toMatch(/[1-9]\d* passed, 0 failed/);
  expect(readFileSync(join(out, "junit.xml"), "utf8")).toContain("<testsuite");
});

test("two machines whose NVLink host links are joined reach each other's GPUs", async () => {
  const boot = ["boot", "qemu-virt", "--no-frozen", "--peer", "--test", "--out", out];
  const run = await nvlab(["--lock", testLock(), ...boot]);
  expect(run.status, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toMatch(/pass {2}a: nvlink-machines/);
  expect(run.stdout).toMatch(/pass {2}b: nvlink-machines/);
});

/** Processes that were told of a folder, or see it in their sandbox. */
function processesWith(name: string): string[] {
  const tells = (path: string): boolean => {
    try {
      return readFileSync(path, "latin1").includes(name);
    } catch {
      return false;
    }
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => tells(`/proc/${pid}/cmdline`) || tells(`/proc/${pid}/mountinfo`));
}

test("a machine that runs can be looked at and broken from another command, and is gone when nvlab is killed", async () => {
  const boot = ["--lock", testLock(), "boot", "qemu-virt", "--no-frozen", "--out", out];
  const running = execa(join(home, "bin/nvlab"), boot, { stdin: "pipe", reject: false });
  onTestFinished(() => void running.kill("SIGKILL"));
  const pid = String(running.pid);
  const lab = (...words: string[]): Promise<ProgramRun> =>
    nvlab(["lab", ...words, "--controller", "nvlink0", "--pid", pid]);
  const stateOf = async (link: number): Promise<string | undefined> => {
    const { stdout } = await lab("status", "--json");
    const said = JSON.parse(stdout) as { controllers?: { links: { state: string }[] }[] };
    return said.controllers?.[0]?.links[link]?.state;
  };
  const within = { timeout: 120_000, interval: 500 };
  await expect.poll(() => stateOf(0), within).toBe("HS");
  expect((await lab("link", "0", "down")).status).toBe(0);
  await expect.poll(() => stateOf(0), within).toBe("DETECT");
  expect((await lab("link", "0", "up")).status).toBe(0);
  await expect.poll(() => stateOf(0), within).toBe("HS");
  const labs = join(process.env.NVLAB_CACHE_DIR ?? "", "lab");
  const folderOfLab = readdirSync(labs).find((name) => name.startsWith(`${pid}-`)) ?? "";
  expect(folderOfLab).not.toBe("");
  // bwrap, QEMU and a model for each of two controllers at least.
  expect(processesWith(folderOfLab).length).toBeGreaterThanOrEqual(6);
  running.kill("SIGKILL");
  await running;
  await expect.poll(() => processesWith(folderOfLab), within).toEqual([]);
  expect((await lab("status")).status).toBe(1);
});

test("a second build has nothing to do, and test results beside the images are no fault", async () => {
  expect(builtOf(await build())).toEqual([]);
  expect((await nvlab(["verify", out])).status).toBe(0);
});

test("everything but the kernel, made anew, gives the same manifest to the byte", async () => {
  const before = readFileSync(join(out, "manifest.json"), "utf8");
  const again = [
    "opensbi",
    "u-boot",
    "busybox",
    "guest",
    "initramfs",
    "qemu-virt.dtb",
    "boot.itb",
    "disk.img",
    "model",
  ];
  const built = builtOf(await build("--rebuild", ...again));
  expect(built).toEqual(expect.arrayContaining(again));
  expect(readFileSync(join(out, "manifest.json"), "utf8")).toBe(before);
});

test("a project of one's own extends the shipped target: its comment in an overlay builds the device tree only", async () => {
  const project = join(folder, "board");
  mkdirSync(join(project, "dts/overlays"), { recursive: true });
  writeFileSync(join(project, "nvlab.yaml"), 'name: board\nversion: "0.1.0"\ndefault-target: qemu-virt\n');
  const overlay = readFileSync(join(home, "dts/overlays/nvlab.dtso"), "utf8");
  writeFileSync(
    join(project, "dts/overlays/nvlab.dtso"),
    `${overlay}\n/* changed by ${String(process.pid)} */\n`,
  );
  const run = await nvlab(["-C", project, "--json", "--lock", testLock(), "build", "--no-frozen"]);
  expect(run.status, run.stdout).toBe(0);
  const last = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "{}") as { data: BuildResult };
  expect(builtOf(last.data)).toEqual(["qemu-virt.dtb"]);
});

test("an option that Kconfig drops fails with the fragment, its line and what is not met", async () => {
  const project = join(folder, "lost");
  mkdirSync(join(project, "recipes/components"), { recursive: true });
  mkdirSync(join(project, "kernel-configs"));
  writeFileSync(join(project, "nvlab.yaml"), 'name: lost\nversion: "0.1.0"\ndefault-target: qemu-virt\n');
  writeFileSync(
    join(project, "recipes/components/linux.yaml"),
    "name: linux\nextends: linux\nfragments: [kernel-configs/lost.config]\n",
  );
  writeFileSync(
    join(project, "kernel-configs/lost.config"),
    "# sound without sound\nCONFIG_SND_HDA_INTEL=y\n",
  );
  const run = await nvlab([
    "-C",
    project,
    "--lock",
    testLock(),
    "build",
    "--no-frozen",
    "--component",
    "linux",
  ]);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("NVLAB_KCONFIG");
  expect(run.stderr).toContain("kernel-configs/lost.config:2");
  expect(run.stderr).toMatch(/CONFIG_SND_HDA_INTEL=y .*was dropped: .*SND/);
});

test("the device tree that nvlab ships describes the machine that QEMU makes", async () => {
  const { machineTree, shippedTree } = await import("../support/device-trees.ts");
  const made = await machineTree("virt,aia=aplic-imsic", "1e");
  const shipped = await shippedTree(join(out, "qemu-virt.dtb"));
  expect(shipped.nodes).toEqual(expect.arrayContaining([...made.nodes]));
  expect(shipped.translated).toEqual(made.translated);
});

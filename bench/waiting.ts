#!/usr/bin/env -S npx tsx
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { $ } from "zx";
import { row, wallSeconds } from "./measure.ts";

/**
 * How long a firmware engineer waits, all day: nothing to do, a comment in an overlay, a file of the initramfs, a
 * boot with tests. The target has to be built in the cache; run on a quiet machine.
 */
$.verbose = false;
const home = resolve(import.meta.dirname, "..");
const nvlab = join(home, "bin/nvlab");
const project = mkdtempSync(join(tmpdir(), "nvlab-bench-"));
const rounds = 7;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

try {
  write("nvlab.yaml", 'name: bench\nversion: "0.0.1"\ndefault-target: qemu-virt\n');
  write("nvlab.lock", readFileSync(join(home, "nvlab.lock"), "utf8"));
  const build = () => $`${nvlab} -C ${project} --quiet build --no-frozen`;
  await build();
  const overlay = readFileSync(join(home, "dts/overlays/nvlab.dtso"), "utf8");
  const profile = readFileSync(join(home, "guest/etc/profile"), "utf8");
  const stamp = String(Date.now());

  console.log("| what | median | all |\n| --- | --- | --- |");
  console.log(row("Node alone, `node -e 0`", await wallSeconds(rounds, () => $`node -e 0`)));
  console.log(row("`nvlab --version`", await wallSeconds(rounds, () => $`${nvlab} --version`)));
  console.log(row("`nvlab build`, nothing to do", await wallSeconds(rounds, build)));
  console.log(
    row(
      "a changed comment in a `.dtso`",
      await wallSeconds(rounds, build, (round) => {
        write("dts/overlays/nvlab.dtso", `${overlay}/* ${stamp} ${String(round)} */\n`);
      }),
    ),
  );
  console.log(
    row(
      "a changed file of the initramfs: new images",
      await wallSeconds(rounds, build, (round) => {
        write("guest/etc/profile", `${profile}# ${stamp} ${String(round)}\n`);
      }),
    ),
  );
  const boot = () => $`${nvlab} -C ${project} --quiet boot --test --no-frozen`;
  console.log(row("`nvlab boot --test`, command to verdict", await wallSeconds(3, boot)));
} finally {
  rmSync(project, { recursive: true, force: true });
}

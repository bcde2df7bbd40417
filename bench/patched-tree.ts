#!/usr/bin/env -S npx tsx
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { linkTree } from "../src/store/link-tree.ts";
import { removeTree } from "../src/store/remove-tree.ts";
import { row, wallSeconds } from "./measure.ts";

/** The Linux tree once more by hard links, as for one changed overlay file, beside `cp -a` and `cp -al`. */
$.verbose = false;
const cacheDir = process.env.NVLAB_CACHE_DIR ?? join(homedir(), ".cache/nvlab");
const store = join(cacheDir, "store");
const source = readdirSync(store).find((name) => {
  const entry = JSON.parse(readFileSync(join(store, name, "entry.json"), "utf8")) as { node: string };
  return entry.node === "linux/source";
});
if (source === undefined) throw new Error("build qemu-virt first");
const from = join(store, source, "out");
const place = mkdtempSync(join(cacheDir, "tmp", "bench-"));
const fresh = async (): Promise<void> => {
  await removeTree(join(place, "tree"));
};
console.log("| what | median | all |\n| --- | --- | --- |");
const tree = join(place, "tree");
console.log(row("the Linux tree by links (nvlab)", await wallSeconds(3, () => linkTree(from, tree), fresh)));
console.log(row("`cp -al`", await wallSeconds(3, () => $`cp -al ${from} ${tree}`, fresh)));
console.log(row("`cp -a`", await wallSeconds(1, () => $`cp -a ${from} ${tree}`, fresh)));
await removeTree(place);

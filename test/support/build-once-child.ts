import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { acquireBuildLock } from "../../src/store/build-lock.ts";
import { openStore } from "../../src/store/store.ts";
import { fill, meta, valueOf } from "../integration/store/made.ts";

/** Builds one fingerprint as nvlab does: look, lock, look again, build, commit. */
const [cacheDir = "", fingerprint = ""] = process.argv.slice(2);
const store = openStore(cacheDir, { clock: Date.now });
const { signal } = new AbortController();
const emit = (event: { type: string }): void => console.log(JSON.stringify(event));
const lock = valueOf(
  await acquireBuildLock({ cacheDir, fingerprint, component: "linux", emit, signal, clock: Date.now }),
);
if (store.lookup(fingerprint).state === "miss") {
  appendFileSync(join(cacheDir, "builds"), `${String(process.pid)}\n`);
  await delay(100);
  const staging = valueOf(await store.begin(fingerprint));
  fill(staging.out, { a: "1" });
  valueOf(await store.commit(staging, meta()));
}
lock.release();

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../src/store/store.ts";
import { fill, fingerprint, meta, valueOf } from "../integration/store/made.ts";

/** Fills the disk of the cache to the last byte, then commits, and prints what came of it. */
const [cacheDir = ""] = process.argv.slice(2);
const store = openStore(cacheDir, { clock: Date.now });
const staging = valueOf(await store.begin(fingerprint(1)));
fill(staging.out, { a: "1" });
try {
  for (;;) appendFileSync(join(cacheDir, "ballast"), Buffer.alloc(4096));
} catch {
  const committed = await store.commit(staging, meta());
  console.log(JSON.stringify(committed));
}

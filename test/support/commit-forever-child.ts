import { openStore } from "../../src/store/store.ts";
import { fill, fingerprint, meta, valueOf } from "../integration/store/made.ts";

/** Commits entry after entry until it is killed. */
const [cacheDir = "", from = ""] = process.argv.slice(2);
const store = openStore(cacheDir, { clock: Date.now });
for (let number = Number(from); ; number += 1) {
  const staging = valueOf(await store.begin(fingerprint(number)));
  fill(staging.out, { a: String(number), "b/c": "x".repeat(50_000), "b/d": "y" });
  valueOf(await store.commit(staging, meta({ tree: number % 3 === 0 })));
  if (number === Number(from)) console.log("going");
}

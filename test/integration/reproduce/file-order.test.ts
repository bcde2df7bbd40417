import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { conditionsOf } from "../../../src/reproduce/conditions.ts";
import { insideVariation } from "../../../src/reproduce/inside.ts";
import type { Tools } from "../../../src/reproduce/outside.ts";
import { parseVary } from "../../../src/reproduce/parse-vary.ts";
import { prepareTools } from "../../../src/reproduce/prepare-tools.ts";
import { home } from "../../support/program.ts";
import { testRoot } from "../../support/root.ts";

let folder: string;
let tools: Tools;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-order-"));
  const [build, vary] = [await testRoot("build"), await testRoot("vary")];
  const { signal } = new AbortController();
  const prepared = await prepareTools({ build, vary, home, folder: join(folder, "tools"), signal });
  expect(prepared.reasons).toEqual({});
  tools = prepared.tools;
  mkdirSync(join(folder, "many/below"), { recursive: true });
  for (let index = 0; index < 300; index += 1)
    writeFileSync(join(folder, "many", `name-${String(index)}`), "");
  for (const name of ["one", "two", "three"]) writeFileSync(join(folder, "many/below", name), "");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const names = [...Array.from({ length: 300 }, (_, index) => `name-${String(index)}`), "below"];

/** Lines that a command prints, with the library preloaded as where there is no FUSE, or without. */
async function lines(command: string, preloaded = true): Promise<string[]> {
  const choice = parseVary(["-all,+fileordering"]);
  if (!choice.ok) throw new Error("the choice is wrong");
  const variation = insideVariation(conditionsOf("second", choice.value, [0]), tools, choice.value);
  const said: string[] = [];
  const ended = await runSandboxed(
    {
      root: tools.sandbox,
      mounts: [{ host: join(folder, "many"), at: "/in/many", writable: false }],
      environment: baseEnvironment(0),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", command],
      cwd: "/in/many",
      ...(preloaded && { variation }),
    },
    { log: join(folder, "log"), onLine: (line) => said.push(line) },
  );
  expect(ended).toMatchObject({ ok: true, value: { status: 0 } });
  return said;
}

test("without FUSE, folders are read in another order, the same one each time, with every name once", async () => {
  const [plain, one, two] = [await lines("ls -U", false), await lines("ls -U"), await lines("ls -U")];
  expect([...one].sort()).toEqual([...names].sort());
  expect(one).not.toEqual(plain);
  expect(one).toEqual(two);
});

test("programs that walk trees, go back in a folder or sort still see all there is", async () => {
  expect((await lines("find . -type f | wc -l"))[0]).toBe("303");
  expect((await lines("python3 -c \"import os; print(len(os.listdir('.')))\""))[0]).toBe("301");
  expect(await lines("ls below")).toEqual(["one", "three", "two"]);
  expect(
    await lines(
      'perl -e \'opendir D, "."; @a = readdir D; rewinddir D; @b = readdir D; print @a == @b && "@a" eq "@b" ? scalar(@a) : 0, "\\n"\'',
    ),
  ).toEqual(["303"]);
  expect(
    await lines(
      'perl -e \'opendir D, "."; readdir D for 1..5; $p = telldir D; $x = readdir D; readdir D; seekdir D, $p; print $x eq readdir(D) ? "back" : "lost", "\\n"\'',
    ),
  ).toEqual(["back"]);
});

test("a folder can be emptied while it is read, also a large one", async () => {
  expect(
    await lines(
      "cp -r /in/many /tmp/copy && chmod -R u+w /tmp/copy && rm -r /tmp/copy && ls /tmp | grep -c copy || true",
    ),
  ).toEqual(["0"]);
});

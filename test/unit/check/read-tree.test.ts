import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTree } from "../../../src/check/read-tree.ts";
import { temporaryFolder } from "../../support/project.ts";

const read = (path: string): ReturnType<typeof readTree> => readTree({ name: "tree.dtb", path }, "build it");

test("a tree comes with its bytes", () => {
  const path = join(temporaryFolder({ "tree.dtb": "bytes" }), "tree.dtb");
  expect(read(path)).toMatchObject({ ok: true, value: { name: "tree.dtb", bytes: Buffer.from("bytes") } });
});

test("a tree that is not there, is a folder, or cannot be read is a failure, and no bug", () => {
  const folder = temporaryFolder({ file: "" });
  symlinkSync("loop", join(folder, "loop"));
  const said = [join(folder, "none"), folder, join(folder, "loop"), join(folder, "file/below")].map(read);
  expect(said).toMatchObject([
    {
      failures: [
        { code: "NVLAB_FILE_MISSING", message: `${join(folder, "none")} is not there`, hint: "build it" },
      ],
    },
    { failures: [{ code: "NVLAB_FILE_MISSING", message: `${folder} is no file` }] },
    { failures: [{ code: "NVLAB_FILE_MISSING", message: `${join(folder, "loop")} cannot be read (ELOOP)` }] },
    { failures: [{ code: "NVLAB_FILE_MISSING" }] },
  ]);
});

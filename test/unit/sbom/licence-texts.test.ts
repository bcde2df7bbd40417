import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCompiled } from "../../../src/sbom/compiled-list.ts";
import { debianCopyright, licenceTexts, topLicenceTexts } from "../../../src/sbom/licence-texts.ts";
import { temporaryFolder } from "../../support/project.ts";

describe("licence texts", () => {
  it("are found by their names and in folders of licences, each text once", () => {
    const tree = temporaryFolder({
      COPYING: "all",
      "lib/sub/COPYING": "all",
      "fs/jffs2/LICENCE": "jffs2",
      "LICENSES/preferred/GPL-2.0": "gpl",
      "Licenses/bsd-2-clause.txt": "bsd",
      "scripts/license.py": "print()",
      "Documentation/process/license-rules.rst": "rules",
      "src/main.c": "int main;",
      "empty/COPYING": "",
    });
    symlinkSync("/etc/passwd", join(tree, "LICENSE"));
    expect(licenceTexts(tree).map(({ path }) => path)).toEqual([
      "COPYING",
      "Licenses/bsd-2-clause.txt",
      "LICENSES/preferred/GPL-2.0",
      "fs/jffs2/LICENCE",
    ]);
  });

  it("of a project are those at its top", () => {
    const project = temporaryFolder({
      LICENSE: "own",
      "LICENSES/MIT.txt": "mit",
      "node_modules/thing/LICENSE": "other",
      "README.md": "read",
    });
    expect(topLicenceTexts(project).map(({ path }) => path)).toEqual(["LICENSE", "LICENSES/MIT.txt"]);
  });

  it("of a Debian package come with the common licences that they name, through a linked folder", () => {
    const root = temporaryFolder({
      "usr/share/doc/gcc-14-base/copyright":
        "see /usr/share/common-licenses/GPL-3. Also /usr/share/common-licenses/LGPL-2.1.",
      "usr/share/common-licenses/GPL-3": "gpl",
    });
    symlinkSync("gcc-14-base", join(root, "usr/share/doc/libgcc-14-dev"));
    symlinkSync("/etc", join(root, "usr/share/doc/outside"));
    expect(debianCopyright(root, "libgcc-14-dev")?.map(({ path }) => path)).toEqual([
      "copyright",
      "common-licenses/GPL-3",
    ]);
    expect(debianCopyright(root, "libc6-dev")).toBeUndefined();
    expect(debianCopyright(root, "outside")).toBeUndefined();
  });
});

describe("a list of compiled files", () => {
  it("is sorted, has each path once and nothing from outside the tree", () => {
    expect(parseCompiled("init/main.c\n/etc/passwd\n../x.c\nfs/a.c\ninit/main.c\n\na\u001bb.c\n")).toEqual([
      "fs/a.c",
      "init/main.c",
    ]);
  });
});

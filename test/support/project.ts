import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Lock } from "../../src/lock/lock.ts";

/** Writes files below a fresh folder that is gone when the test ends. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A project of two components, one needing the other, and a device tree: enough for every path of the planner. */
export const smallProject: Readonly<Record<string, string>> = {
  "nvlab.yaml": 'name: small\nversion: "1.2.3"\nextends: false\n',
  "recipes/roots/build.yaml": "name: build\nsuites: [trixie]\npackages: [make]\n",
  "recipes/components/lib.yaml": `name: lib
version: "1.0"
license: MIT
sources:
  main:
    track: "1.0"
    variants: [{ debian: { source: lib, suite: trixie, file: lib_1.0.orig.tar.gz } }]
patches: [patches/lib]
parameters:
  SPEED: { type: integer, default: 1, values: [1, 2] }
steps:
  - kconfig: { dialect: linux, defconfig: defconfig, fragments: [kernel-configs/lib.config] }
  - run: make -C /src O=/obj
outputs: [lib.a]
`,
  "recipes/components/app.yaml": `name: app
version: "2.0"
license: MIT
needs: [lib]
steps:
  - run: cp /in/lib/lib.a /out/app
outputs: [app]
`,
  "recipes/targets/board.yaml": `name: board
components:
  app: {}
images:
  board.dtb:
    device-tree: { source: dts/board.dts }
artifacts:
  app: { output: app/app, kind: kernel }
  board.dtb: { output: board.dtb, kind: device-tree }
  lib.config: { output: lib/.config, kind: config }
`,
  "patches/lib/0001-fix.patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
  "patches/lib/files/drivers/new.c": "int x;\n",
  "kernel-configs/lib.config": "# speed\nCONFIG_FAST=y\n",
  "dts/board.dts": "/dts-v1/;\n/ { };\n",
};

export const smallLock: Lock = {
  lockVersion: 1,
  epoch: 1_700_000_000,
  sources: {
    "lib/main": {
      type: "archive",
      version: "1.0",
      variant: 0,
      file: "lib_1.0.orig.tar.gz",
      size: 10,
      sha256: "ab".repeat(32),
      pool: "pool/main/l/lib/lib_1.0.orig.tar.gz",
      urls: [],
    },
  },
  roots: {
    build: {
      recipe: "cd".repeat(32),
      archiveTime: 1_700_000_000,
      packages: [
        {
          name: "make",
          version: "4.4.1-1",
          architecture: "amd64",
          suite: "trixie",
          source: "make-dfsg",
          sourceVersion: "4.4.1-1",
          pool: "pool/main/m/make-dfsg/make_4.4.1-1_amd64.deb",
          size: 10,
          sha256: "ef".repeat(32),
        },
      ],
    },
  },
};

import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { nvlab, testLock, type ProgramRun } from "./program.ts";
import { writeFiles } from "./project.ts";

/** A small project with real sources from a server of its own, built in the real root. */
export interface Miniature {
  readonly folder: string;
  readonly lock: string;
  /** Writes files of the project. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly run: (...args: string[]) => Promise<ProgramRun>;
  /** Arguments of every call. */
  readonly base: readonly string[];
  readonly close: () => Promise<void>;
}

/** What is in the archive. */
const sourceFiles: Readonly<Record<string, string>> = {
  "mini-1.0/hello.c": "int main(void)\n{\n\treturn 0;\n}\n",
  "mini-1.0/Makefile": "all:\n\triscv64-linux-gnu-gcc -Wall -Werror -c -o $(O)/hello.o hello.c\n",
};

/** Makes an archive of files; `rename` changes names on the way, as only a hostile one has them. */
export async function archiveOf(
  files: Readonly<Record<string, string>>,
  rename: (path: string) => string = (path) => path,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-archive-"));
  try {
    writeFiles(folder, files);
    const chunks: Buffer[] = [];
    const packed = create(
      {
        cwd: folder,
        gzip: true,
        portable: true,
        onWriteEntry: (entry) => {
          entry.path = rename(entry.path);
        },
      },
      Object.keys(files),
    );
    for await (const chunk of packed) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param given bytes that the server gives for the source
 */
export async function miniature(given?: Buffer): Promise<Miniature> {
  const archive = given ?? (await archiveOf(sourceFiles));
  const folder = mkdtempSync(join(tmpdir(), "nvlab-mini-"));
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/mini-1.0.tar.gz" ? 200 : 404);
    response.end(request.method === "HEAD" || request.url !== "/mini-1.0.tar.gz" ? undefined : archive);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mini-1.0.tar.gz`;
  const integrity = `sha256-${createHash("sha256").update(archive).digest("base64")}`;
  writeFiles(folder, {
    "nvlab.yaml": 'name: mini\nversion: "1.0.0"\ndefault-target: board\n',
    "recipes/components/mini.yaml": `name: mini
version: "1.0"
license: MIT
sources:
  main: { track: "1.0", variants: [{ urls: ["${url}"], integrity: "${integrity}" }] }
patches: [patches/mini]
environment:
  NONCE: ${randomUUID()}
steps:
  - run: |
      make -C /src O=/obj
      cp /obj/hello.o /out/hello.o
outputs: [hello.o]
`,
    "recipes/targets/board.yaml": `name: board
components: { mini: {} }
images:
  board.dtb: { device-tree: { source: dts/board.dts, overlays: [dts/extra.dtso] } }
artifacts:
  hello.o: { output: mini/hello.o, kind: kernel }
  board.dtb: { output: board.dtb, kind: device-tree }
`,
    "patches/mini/files/note.h": "#define NOTE 1\n",
    "dts/board.dts": '/dts-v1/;\n/ { compatible = "mini"; uart: serial { }; };\n',
    "dts/extra.dtso": `/dts-v1/;\n/plugin/;\n&uart { label = "${randomUUID()}"; };\n`,
  });
  const lock = join(folder, "nvlab.lock");
  copyFileSync(testLock(), lock);
  const base = ["-C", folder];
  return {
    folder,
    lock,
    base,
    write: (files) => {
      writeFiles(folder, files);
    },
    run: (...args) => nvlab([...base, ...args]),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Nodes that the last line of `nvlab --json build` says were really built. */
export function builtNodes({ stdout }: ProgramRun): string[] {
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as {
    data?: { nodes: readonly { node: string; outcome: string }[] };
  };
  return (last.data?.nodes ?? []).filter(({ outcome }) => outcome === "built").map(({ node }) => node);
}

export function readText(...path: string[]): string {
  return readFileSync(join(...path), "utf8");
}

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockedPackage } from "../../../src/lock/lock.ts";

/** Puts a Debian package made from a ready tar of its files into the downloads of a cache. */
export function packageFromTar(cacheDir: string, name: string, dataTar: string): LockedPackage {
  const work = mkdtempSync(join(cacheDir, "package-"));
  writeFileSync(
    join(work, "control"),
    `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n`,
  );
  execFileSync("tar", ["-cf", "control.tar", "./control"], { cwd: work });
  writeFileSync(join(work, "debian-binary"), "2.0\n");
  execFileSync("cp", [dataTar, join(work, "data.tar")]);
  const parts = ["debian-binary", "control.tar", "data.tar"].map((part) =>
    member(part, readFileSync(join(work, part))),
  );
  const content = Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const folder = join(cacheDir, "downloads", "sha256");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, sha256), content);
  return {
    name,
    version: "1",
    architecture: "all",
    suite: "test",
    source: name,
    sourceVersion: "1",
    pool: `pool/${name}.deb`,
    size: content.length,
    sha256,
  };
}

/** A member of an ar archive: ar itself is part of a compiler's package, which a bare host has not. */
function member(name: string, content: Buffer): Buffer {
  const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(content.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(header), content, Buffer.alloc(content.length % 2, "\n")]);
}

/** Makes the tar of a package's files with a shell script that fills the current folder. */
export function filesTar(cacheDir: string, script: string, ...tarArguments: readonly string[]): string {
  const work = mkdtempSync(join(cacheDir, "files-"));
  execFileSync("bash", ["-ec", script], { cwd: work });
  const tar = join(cacheDir, `${work.split("/").at(-1) ?? ""}.tar`);
  execFileSync("tar", ["-cf", tar, ...(tarArguments.length > 0 ? tarArguments : ["."])], { cwd: work });
  return tar;
}

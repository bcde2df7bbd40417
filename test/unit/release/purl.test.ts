import { describe, expect, it } from "vitest";
import type { SourceFacts } from "../../../src/release/facts.ts";
import { debianPurl, sourcePurl } from "../../../src/release/purl.ts";

const archive = (...places: string[]): SourceFacts => ({
  type: "archive",
  name: "main",
  variant: 0,
  file: "x.tar.gz",
  sha256: "0".repeat(64),
  places,
});
const git = (url: string): SourceFacts => ({
  type: "git",
  name: "main",
  url,
  commit: "a".repeat(40),
  sha256: "0".repeat(64),
});

describe("package URLs", () => {
  it("name the repository and tag of an archive on GitHub, in lower case", () => {
    const places = [
      "pool/main/o/opensbi/opensbi_1.6.orig.tar.gz",
      "https://github.com/RISCV-software-src/opensbi/archive/refs/tags/v1.6.tar.gz",
    ];
    expect(sourcePurl("opensbi", "1.6", archive(...places))).toBe(
      "pkg:github/riscv-software-src/opensbi@v1.6",
    );
    expect(sourcePurl("x", "2", archive("https://github.com/a/b/releases/download/2.0/b-2.0.tar.xz"))).toBe(
      "pkg:github/a/b@2.0",
    );
  });

  it("name repository and commit of a git source on GitHub, however its address is written", () => {
    for (const url of ["https://github.com/A/b.git", "git@github.com:a/b.git", "ssh://git@github.com/a/b"]) {
      expect(sourcePurl("x", "1", git(url))).toBe(`pkg:github/a/b@${"a".repeat(40)}`);
    }
  });

  it("are generic with address and digest for any other archive", () => {
    expect(
      sourcePurl("busybox", "1.37.0", archive("https://busybox.net/downloads/busybox-1.37.0.tar.bz2")),
    ).toBe(
      `pkg:generic/busybox@1.37.0?checksum=sha256:${"0".repeat(64)}&download_url=https:%2F%2Fbusybox.net%2Fdownloads%2Fbusybox-1.37.0.tar.bz2`,
    );
  });

  it("do not call an upstream archive a Debian package where Debian is its only place", () => {
    expect(sourcePurl("linux", "6.18.15", archive("pool/main/l/linux/linux_6.18.15.orig.tar.xz"))).toBe(
      `pkg:generic/linux@6.18.15?checksum=sha256:${"0".repeat(64)}`,
    );
  });

  it("are generic with repository and commit for any other git source", () => {
    expect(sourcePurl("x", "1", git("https://git.example.org/x.git"))).toBe(
      `pkg:generic/x@1?vcs_url=git%2Bhttps:%2F%2Fgit.example.org%2Fx.git%40${"a".repeat(40)}`,
    );
  });

  it("are absent for a local tree", () => {
    expect(sourcePurl("x", "1", { type: "local", name: "main", sha256: "0".repeat(64) })).toBeUndefined();
  });

  it("name a Debian binary package with architecture and distribution", () => {
    expect(
      debianPurl({
        name: "libstdc++6",
        version: "4:14.2.0-1+b1",
        architecture: "amd64",
        suite: "trixie-backports",
      }),
    ).toBe("pkg:deb/debian/libstdc%2B%2B6@4:14.2.0-1%2Bb1?arch=amd64&distro=trixie");
  });
});

import { describe, expect, it } from "vitest";
import { checkEntries } from "../../../src/image/initramfs-check.ts";
import { initramfsList } from "../../../src/image/initramfs-list.ts";
import { renderInitramfs } from "../../../src/image/initramfs.ts";
import { InitramfsStep, type InitramfsEntry } from "../../../src/recipe/schema/image.ts";

function entries(...given: unknown[]): InitramfsEntry[] {
  return InitramfsStep.parse({ initramfs: { entries: given } }).initramfs.entries;
}

describe("initramfsList", () => {
  it("writes every kind of entry as gen_init_cpio reads it, sorted, with the folders they need", () => {
    const list = initramfsList(
      "initramfs.cpio",
      entries(
        { node: "/dev/console", type: "c", major: 5, minor: 1 },
        { file: "/usr/lib/nvlab/init", from: "guest/init", mode: "0755" },
        { link: "/etc/mtab", to: "/proc/mounts" },
        { file: "/bin/busybox", output: "busybox/rootfs/bin/busybox", mode: "4755", uid: 1, gid: 2 },
        { dir: "/tmp", mode: "1777" },
      ),
    );
    expect(list.lines).toEqual([
      "dir /bin 0755 0 0",
      "file /bin/busybox /in/busybox/rootfs/bin/busybox 4755 1 2",
      "dir /dev 0755 0 0",
      "nod /dev/console 0600 0 0 c 5 1",
      "dir /etc 0755 0 0",
      "slink /etc/mtab /proc/mounts 0777 0 0",
      "dir /tmp 1777 0 0",
      "dir /usr 0755 0 0",
      "dir /usr/lib 0755 0 0",
      "dir /usr/lib/nvlab 0755 0 0",
      "file /usr/lib/nvlab/init /project/guest/init 0755 0 0",
    ]);
    expect(list.projectPaths).toEqual(["guest/init"]);
    expect(list.references).toEqual(["busybox/rootfs/bin/busybox"]);
  });

  it("does not depend on the order of the entries", () => {
    const given = [{ dir: "/b" }, { dir: "/a" }, { link: "/a/l", to: "x" }, { file: "/c/f", text: "t" }];
    const list = (order: unknown[]): readonly string[] => initramfsList("i", entries(...order)).lines;
    expect(list(given)).toEqual(list([...given].reverse()));
  });

  it("keeps texts of different paths apart although they would share a flat name", () => {
    const { texts } = initramfsList("i", entries({ file: "/a_b", text: "1" }, { file: "/a/b", text: "2" }));
    expect(Object.values(texts)).toEqual(["1", "2"]);
    for (const name of Object.keys(texts)) expect(name).not.toContain("/");
  });

  it("lists trees apart, with the folders above them, and never the root itself", () => {
    const list = initramfsList(
      "i",
      entries({ tree: "/", output: "busybox/rootfs" }, { tree: "/lib/modules/", from: "mods" }),
    );
    expect(list.trees).toEqual([
      { from: "/in/busybox/rootfs", to: "/" },
      { from: "/project/mods", to: "/lib/modules" },
    ]);
    expect(list.lines).toEqual(["dir /lib 0755 0 0", "dir /lib/modules 0755 0 0"]);
  });
});

describe("checkEntries", () => {
  it("finds nothing wrong with a sound list", () => {
    expect(
      checkEntries(
        entries(
          { dir: "/etc" },
          { file: "/etc/a", text: "" },
          { tree: "/", from: "g" },
          { tree: "/", from: "h" },
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    [
      "a path given twice",
      [{ dir: "/etc" }, { link: "/etc/", to: "x" }],
      1,
      "/etc is already given by entry 1",
    ],
    [
      "a path below a file",
      [
        { file: "/a", text: "" },
        { file: "/a/b", text: "" },
      ],
      1,
      "lies below /a, which is no folder",
    ],
    ["a file in the place of the root", [{ file: "/", text: "" }], 0, "/ is always a folder"],
    ["a link target with a space", [{ link: "/a", to: "b c" }], 0, "has a space"],
    ["a project file with a space", [{ file: "/a", from: "guest/a b" }], 0, "may have no spaces"],
    ["a project file with an expansion", [{ file: "/a", from: "guest/${b}" }], 0, "may have no spaces"],
  ])("refuses %s", (_, given, entry, message) => {
    const faults = checkEntries(entries(...given));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.entry).toBe(entry);
    expect(faults[0]?.message).toContain(message);
  });
});

describe("renderInitramfs", () => {
  const step = (compression: string): InitramfsStep["initramfs"] =>
    InitramfsStep.parse({ initramfs: { compression, entries: [{ dir: "/dev" }] } }).initramfs;

  it("needs the kernel's gen_init_cpio and clamps times to the epoch", () => {
    const rendered = renderInitramfs(step("zstd"), "initramfs.cpio.zst");
    expect(rendered.references).toEqual(["linux/gen_init_cpio"]);
    expect(rendered.script).toContain('/in/linux/gen_init_cpio -t "$SOURCE_DATE_EPOCH"');
    expect(rendered.outputs).toEqual(["initramfs.cpio.zst"]);
    expect(rendered.texts).toEqual({ "initramfs.cpio.zst.list": "dir /dev 0755 0 0\n" });
  });

  it("compresses without names, times and threads", () => {
    expect(renderInitramfs(step("gzip"), "i").script).toContain("gzip -n");
    expect(renderInitramfs(step("zstd"), "i").script).toContain("--single-thread");
  });
});

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderDisk } from "../../../src/image/disk.ts";
import { DiskStep } from "../../../src/recipe/schema/image.ts";
import { make } from "./image-bench.ts";

const boot = {
  name: "boot",
  filesystem: "fat16",
  bootable: true,
  size: "4M",
  files: {
    "boot.itb": "boot.itb",
    "extlinux/extlinux.conf": "u-boot/extlinux.conf",
    modules: "linux/modules",
  },
};
const environment = {
  name: "env",
  type: "linux",
  filesystem: "raw",
  size: "1M",
  files: { env: "u-boot/env.bin" },
};
const inputs = {
  "boot.itb": randomBytes(100_000),
  "u-boot/extlinux.conf": "timeout 0\n",
  "u-boot/env.bin": "environment",
  "linux/modules/a.ko": "a",
  "linux/modules/deep/b.ko": "b",
};

const render = (...partitions: unknown[]): ReturnType<typeof renderDisk> =>
  renderDisk(DiskStep.parse({ disk: { size: "8M", partitions } }).disk, "disk.img", "board");

const first = "dd if=/out/disk.img of=/obj/first.img bs=1M skip=1 count=4 status=none";

describe("a disk step", () => {
  it("lays out a GPT whose FAT partition holds the files and is sound", async () => {
    const made = await make(render(boot, environment), { inputs });
    expect(made.printed).toBe("");
    const disk = made.output("disk.img");
    expect(disk).toHaveLength(8 * 1024 * 1024);
    expect(disk.toString("latin1", 512, 520)).toBe("EFI PART");
    expect(disk.toString("latin1", 5 * 1024 * 1024, 5 * 1024 * 1024 + 11)).toBe("environment");
    expect(
      await made.look(`${first}; mcopy -i /obj/first.img ::/boot.itb - | cmp - /in/boot.itb && echo same`),
    ).toBe("same");
    const listed = await made.look(
      "mdir -b -/ -i /obj/first.img ::; fsck.vfat -n /obj/first.img > /dev/null && echo sound",
    );
    for (const path of ["::/extlinux/extlinux.conf", "::/modules/a.ko", "::/modules/deep/b.ko", "sound"]) {
      expect(listed).toContain(path);
    }
  });

  it("sets the attribute by which U-Boot finds a bootable partition", async () => {
    const made = await make(render(boot, environment), { inputs });
    const attributes = (entry: number): bigint =>
      made.output("disk.img").readBigUInt64LE(1024 + entry * 128 + 48);
    expect(attributes(0)).toBe(4n);
    expect(attributes(1)).toBe(0n);
  });

  it("gives the same bytes twice", async () => {
    const one = await make(render(boot, environment), { inputs });
    const two = await make(render(boot, environment), { inputs });
    expect(two.output("disk.img").equals(one.output("disk.img"))).toBe(true);
  });

  it("says which partition does not hold its files, and how much they take", async () => {
    const made = await make(render(boot), { inputs: { ...inputs, "boot.itb": randomBytes(5_000_000) } });
    expect(made.status).toBe(1);
    expect(made.printed).toMatch(/partition boot of 4 MiB does not hold its files, which take 5 MiB/);
  });

  it("says which raw partition is too small for its file", async () => {
    const made = await make(render(environment), {
      inputs: { ...inputs, "u-boot/env.bin": randomBytes(1_100_000) },
    });
    expect(made.status).toBe(1);
    expect(made.printed).toContain("partition env of 1 MiB does not hold its file of 1100000 bytes");
  });
});

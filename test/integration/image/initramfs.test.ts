import { describe, expect, it } from "vitest";
import { renderInitramfs } from "../../../src/image/initramfs.ts";
import { InitramfsStep } from "../../../src/recipe/schema/image.ts";
import { make } from "./image-bench.ts";

/** In the place of the kernel's program: checks how it is called and gives out the list itself. */
const listInstead = `#!/bin/bash
[ "$1" = -t ] && [ "$2" = "$SOURCE_DATE_EPOCH" ] && cat "$3"
`;

const render = (compression: string, ...entries: unknown[]): ReturnType<typeof renderInitramfs> =>
  renderInitramfs(InitramfsStep.parse({ initramfs: { compression, entries } }).initramfs, "initramfs");

const inputs = {
  "linux/gen_init_cpio": listInstead,
  "busybox/rootfs/bin/busybox": "#! binary",
  "busybox/rootfs/etc/motd": "hello",
  "linux/modules/lib/modules/6.18/a.ko": "a",
};
const rootfs = { tree: "/", output: "busybox/rootfs" };

describe("an initramfs step", () => {
  it("lists trees and entries together, sorted, with parents first and modes of the guest", async () => {
    const made = await make(
      render(
        "none",
        { file: "/init", text: "#!/bin/sh\n", mode: "0755" },
        { dir: "/tmp", mode: "1777" },
        rootfs,
        {
          tree: "/",
          output: "linux/modules",
        },
      ),
      { inputs },
    );
    expect(made.output("initramfs").toString().split("\n")).toEqual([
      "dir /bin 0755 0 0",
      "file /bin/busybox /in/busybox/rootfs/bin/busybox 0755 0 0",
      "dir /etc 0755 0 0",
      "file /etc/motd /in/busybox/rootfs/etc/motd 0644 0 0",
      "file /init /generated/initramfs.%2Finit 0755 0 0",
      "dir /lib 0755 0 0",
      "dir /lib/modules 0755 0 0",
      "dir /lib/modules/6.18 0755 0 0",
      "file /lib/modules/6.18/a.ko /in/linux/modules/lib/modules/6.18/a.ko 0644 0 0",
      "dir /tmp 1777 0 0",
      "",
    ]);
  });

  it("lets an entry win over the same path in a tree", async () => {
    const made = await make(render("none", rootfs, { file: "/etc/motd", text: "mine" }), { inputs });
    expect(made.output("initramfs").toString()).toContain("file /etc/motd /generated/");
  });

  it("refuses a file that two trees hold", async () => {
    const made = await make(render("none", rootfs, { tree: "/bin", output: "busybox/rootfs/bin" }), {
      inputs,
    });
    expect(made.status).not.toBe(0);
    expect(made.printed).toContain("/bin/busybox is in two trees of the initramfs");
  });

  it("refuses a tree that is a file, and a name with a space in it", async () => {
    const file = await make(render("none", { tree: "/etc", output: "busybox/rootfs/etc/motd" }), { inputs });
    expect(file.printed).toContain("is no folder");
    expect(file.status).not.toBe(0);
    const space = await make(render("none", rootfs), { inputs: { ...inputs, "busybox/rootfs/a b": "" } });
    expect(space.printed).toContain("a name with spaces cannot be in the initramfs");
    expect(space.status).not.toBe(0);
  });

  it.each(["gzip", "zstd"])("gives the same bytes twice with %s", async (compression) => {
    const one = await make(render(compression, rootfs), { inputs });
    const two = await make(render(compression, rootfs), { inputs });
    expect(two.output("initramfs").equals(one.output("initramfs"))).toBe(true);
    expect(await one.look(`${compression} -dc < /out/initramfs | head -1`)).toBe("dir /bin 0755 0 0");
  });

  it("indexes the modules of several trees together", async () => {
    const compiled = await make(
      {
        script: `for name in kernel vendor; do
  printf '%s\\n' '.section .modinfo, "a"' ".asciz \\"alias=of:$name\\"" > /tmp/$name.S
  riscv64-linux-gnu-gcc -c -o /out/$name.ko /tmp/$name.S
done`,
        texts: {},
        projectPaths: [],
        references: [],
        outputs: [],
      },
      {},
    );
    const folder = "lib/modules/6.18";
    const made = await make(
      render("none", { tree: "/", output: "linux/modules" }, { tree: "/", output: "vendor/modules" }),
      {
        inputs: {
          "linux/gen_init_cpio": `#!/bin/bash\ncat "$3" /tmp/index/${folder}/modules.{dep,alias}\n`,
          [`linux/modules/${folder}/kernel/kernel.ko`]: compiled.output("kernel.ko"),
          [`linux/modules/${folder}/modules.order`]: "kernel/kernel.ko\n",
          [`linux/modules/${folder}/modules.builtin`]: "",
          [`linux/modules/${folder}/modules.builtin.modinfo`]: "",
          [`linux/modules/${folder}/modules.dep`]: "kernel/kernel.ko:\n",
          [`vendor/modules/${folder}/extra/vendor.ko`]: compiled.output("vendor.ko"),
        },
      },
    );
    const lines = made.output("initramfs").toString().trimEnd().split("\n");
    const placeOf = (path: string) => lines.filter((line) => line.split(" ")[1] === path);
    const module = `/${folder}/extra/vendor.ko`;
    expect(placeOf(module)).toEqual([`file ${module} /in/vendor/modules${module} 0644 0 0`]);
    expect(placeOf(`/${folder}/modules.dep`)).toEqual([
      `file /${folder}/modules.dep /tmp/index/${folder}/modules.dep 0644 0 0`,
    ]);
    expect(placeOf(`/${folder}/modules.builtin`)).toHaveLength(1);
    expect(lines).toContain("kernel/kernel.ko:");
    expect(lines).toContain("extra/vendor.ko:");
    expect(lines).toContain("alias of:vendor vendor");
  });
});

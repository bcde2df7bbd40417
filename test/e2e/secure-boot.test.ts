import { createHash, generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDtb } from "../../src/device-tree/read-dtb.ts";
import {
  childOf,
  copyOf,
  putTogether,
  setValue,
  takeApart,
  valueOf,
  type FitTree,
} from "../support/fit-tree.ts";
import { nvlab, testLock } from "../support/program.ts";
import { diskWith, inBuildRoot, powerOn, verdict, type DiskFiles } from "../support/secure-machine.ts";
import { signedBytes } from "../support/signed-regions.ts";

let folder: string;
let out: string;
let fit: Buffer;
let testFit: Buffer;
let kernel: Buffer;
let publicKey: KeyObject;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-secure-e2e-"));
  out = join(folder, "out");
  const pair = generateKeyPairSync("rsa", { modulusLength: 3072 });
  publicKey = pair.publicKey;
  const key = join(folder, "boot.key");
  writeFileSync(key, pair.privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  const build = ["build", "qemu-virt-secure", "--no-frozen", "--out", out, "--fit-key", `boot=${key}`];
  const run = await nvlab(["--lock", testLock(), ...build]);
  if (run.status !== 0) throw new Error(run.stdout + run.stderr);
  fit = readFileSync(join(out, "boot.itb"));
  testFit = readFileSync(join(out, "test/boot.itb"));
  kernel = readFileSync(join(out, "Image"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The FIT after someone with an editor had it. */
function edited(change: (tree: FitTree["root"]) => void, given: Buffer = fit): Buffer {
  const { root, strings } = takeApart(given);
  const tree = copyOf(root);
  change(tree);
  return putTogether({ root: tree, strings });
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const sha256 = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** Gives an image other data, and the hash that fits it. */
function putData(root: FitTree["root"], image: string, data: Buffer): void {
  const node = childOf(root, "images", image);
  setValue(node, "data", data);
  setValue(childOf(node, "hash-1"), "value", sha256(data));
}

/** What U-Boot says to a disk with these files. It must not reach the kernel. */
async function refusal(files: DiskFiles, more: Partial<Parameters<typeof powerOn>[0]> = {}): Promise<string> {
  const shown = await powerOn({ out, disk: await diskWith(files), until: verdict, ...more });
  expect(shown).toContain("U-Boot 2025.01");
  expect(shown).toContain("nvlab: nothing was booted");
  expect(shown).not.toContain("Starting kernel");
  expect(shown).not.toContain("Linux version");
  expect(shown).not.toMatch(/^=> /m);
  return shown;
}

const notSigned = "Failed to verify required signature 'key-boot'";

describe("the signed image", () => {
  test("boots to /init, and every check in it passes", async () => {
    const boot = ["boot", "qemu-virt-secure", "--no-frozen", "--test", "--out", out];
    const run = await nvlab(["--lock", testLock(), ...boot]);
    expect(run.status, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toMatch(/[1-9]\d* passed, 0 failed/);
  });

  test("has its key in the control device tree that is an artifact, and that U-Boot carries", () => {
    const tree = readFileSync(join(out, "u-boot.dtb"));
    const program = readFileSync(join(out, "u-boot.bin"));
    expect(program.subarray(program.length - tree.length).equals(tree)).toBe(true);
    const read = readDtb(tree);
    if ("fault" in read) throw new Error(read.fault);
    const { n = "" } = publicKey.export({ format: "jwk" });
    expect(tree.includes(Buffer.from(n, "base64url"))).toBe(true);
    expect(tree.includes("rsa,modulus")).toBe(true);
  });

  test("is told of in the manifest, and the key's private half is nowhere in the out folder", () => {
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
      signing: { image: string; development: boolean; algorithm: string }[];
    };
    expect(
      manifest.signing.map(({ image, algorithm, development }) => [image, algorithm, development]),
    ).toEqual([
      ["boot.itb", "sha256,rsa3072", false],
      ["test/boot.itb", "sha256,rsa3072", false],
    ]);
  });

  test("gets nothing of what QEMU is told with -append", async () => {
    const words = ["-append", "nvlab.test init=/bin/sh verify=no"];
    const shown = await powerOn({
      ...{ out, disk: readFileSync(join(out, "disk.img")), until: /Kernel command line:.*\n/ },
      command: (before) => [...before, ...words],
    });
    expect(/Kernel command line: (.*)/.exec(shown)?.[1]).toBe("console=ttyS0 panic=-1");
  });

  test("still boots when it was taken apart and put together: only what changes is refused below", async () => {
    const shown = await powerOn({
      ...{ out, disk: await diskWith({ "boot.itb": edited(() => undefined) }), until: verdict },
    });
    expect(shown).toContain("Starting kernel");
  });

  test("runs other tests only if they are signed, and says so", async () => {
    const boot = ["boot", "qemu-virt-secure", "--no-frozen", "--test", "network", "--out", out];
    const run = await nvlab(["--lock", testLock(), ...boot]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("signed command line");
  });
});

describe("one byte that is not as it was signed", () => {
  test.each([
    ["kernel", "kernel"],
    ["ramdisk", "ramdisk"],
    ["device tree", "fdt"],
  ])("in the %s is refused", async (_, image) => {
    const other = edited((root) => {
      const node = childOf(root, "images", image);
      const data = valueOf(node, "data");
      setValue(node, "data", flipped(data, data.length >> 1));
    });
    const shown = await refusal({ "boot.itb": other });
    expect(shown).toContain(`Bad hash value for 'hash-1' hash node in '${image}' image node`);
  });

  test("in the configuration is refused", async () => {
    const other = edited((root) => {
      const node = childOf(root, "configurations", "conf-1");
      setValue(node, "description", flipped(valueOf(node, "description"), 3));
    });
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });

  test("in the kernel's load address is refused", async () => {
    const other = edited((root) => {
      const node = childOf(root, "images", "kernel");
      setValue(node, "load", flipped(valueOf(node, "load"), 1));
    });
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });

  test("in the signature is refused", async () => {
    const other = edited((root) => {
      const node = childOf(root, "configurations", "conf-1", "signature-1");
      setValue(node, "value", flipped(valueOf(node, "value"), 100));
    });
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });
});

describe("what an attacker puts together", () => {
  test("another command line, with the hash that fits it, is refused", async () => {
    const other = edited((root) => {
      const tree = Buffer.from(valueOf(childOf(root, "images", "fdt"), "data"));
      const at = tree.indexOf("panic=-1");
      expect(at).toBeGreaterThan(0);
      tree.write("init=/sh", at);
      putData(root, "fdt", tree);
    });
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });

  test("a FIT without a signature is refused", async () => {
    const other = edited((root) => {
      childOf(root, "configurations", "conf-1").children.length = 0;
    });
    expect(await refusal({ "boot.itb": other })).toContain("No 'signature' subnode found");
  });

  test("a FIT signed by another key of the same name is refused", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
    const inputs = {
      "boot.itb": fit,
      "keys/boot.key": Buffer.from(privateKey.export({ format: "pem", type: "pkcs8" })),
    };
    const resigned = await inBuildRoot("cp /in/boot.itb /out/made\nmkimage -F -k /in/keys /out/made", inputs);
    const before = valueOf(childOf(takeApart(fit).root, "configurations", "conf-1", "signature-1"), "value");
    const after = valueOf(
      childOf(takeApart(resigned).root, "configurations", "conf-1", "signature-1"),
      "value",
    );
    expect(after.equals(before)).toBe(false);
    expect(await refusal({ "boot.itb": resigned })).toContain(notSigned);
  });

  test("parts of two FITs, each of them signed, are refused together", async () => {
    const other = edited((root) => {
      putData(root, "fdt", valueOf(childOf(takeApart(testFit).root, "images", "fdt"), "data"));
    });
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });

  test("a second configuration, made the default one, with the signature of the first, is refused", async () => {
    const other = edited((root) => {
      const configurations = childOf(root, "configurations");
      const second = copyOf(childOf(configurations, "conf-1"));
      second.name = "conf-2";
      configurations.children.push(second);
      setValue(configurations, "default", text("conf-2"));
    });
    const shown = await refusal({ "boot.itb": other });
    expect(shown).toContain("Using 'conf-2' configuration");
    expect(shown).toContain(notSigned);
  });

  test("other images under the signed names, and a list of hashed nodes that leads to the signed ones, are refused", async () => {
    const other = edited((root) => {
      const images = childOf(root, "images");
      const signed = { name: "aside", properties: [], children: images.children.map(copyOf) };
      const evil = Buffer.from(valueOf(childOf(images, "fdt"), "data"));
      evil.write("init=/sh", evil.indexOf("panic=-1"));
      putData(root, "fdt", evil);
      images.children.push(signed);
      const signature = childOf(root, "configurations", "conf-1", "signature-1");
      const listed = valueOf(signature, "hashed-nodes").toString().replaceAll("/images/", "/images/aside/");
      setValue(signature, "hashed-nodes", Buffer.from(listed));
    });
    // A verifier that believes the list would boot it.
    const signature = childOf(takeApart(other).root, "configurations", "conf-1", "signature-1");
    const value = valueOf(signature, "value");
    expect(verify("sha256", signedBytes(other, signature), publicKey, value)).toBe(true);
    expect(await refusal({ "boot.itb": other })).toContain(notSigned);
  });

  test("a signature that says it was made with SHA-1 is refused for that", async () => {
    const other = edited((root) => {
      const node = childOf(root, "configurations", "conf-1", "signature-1");
      setValue(node, "algo", text("sha1,rsa3072"));
    });
    expect(await refusal({ "boot.itb": other })).toContain("Algorithm is not the key's");
  });

  test("verify=no has no effect, from wherever it comes", async () => {
    const other = edited((root) => {
      const node = childOf(root, "images", "kernel");
      setValue(node, "data", flipped(valueOf(node, "data"), 4096));
    });
    const files = { "boot.itb": other, "uboot.env": Buffer.from("\0\0\0\0verify=no\0\0") };
    const shown = await refusal(files, { command: (words) => [...words, "-append", "verify=no"] });
    expect(shown).toContain("Bad hash value for 'hash-1' hash node in 'kernel' image node");
  });
});

describe("a U-Boot that was weakened", () => {
  const broken = (): Buffer =>
    edited((root) => {
      const node = childOf(root, "images", "kernel");
      setValue(node, "data", flipped(valueOf(node, "data"), 4096));
    });

  test("by verify=no in the environment that is built in verifies all the same", async () => {
    const program = Buffer.from(readFileSync(join(out, "u-boot.bin")));
    const command = "bootcmd=bootflow scan\0";
    const at = program.indexOf(command);
    expect(at).toBeGreaterThan(0);
    program.write("verify=no\0".padEnd(command.length - 1, "x="), at);
    const shown = await refusal({ "boot.itb": broken() }, { files: { "u-boot.bin": program } });
    expect(shown).toContain("Bad hash value for 'hash-1' hash node in 'kernel' image node");
  });

  test("by a control device tree without a key boots nothing, not even what is signed", async () => {
    const program = readFileSync(join(out, "u-boot.bin"));
    const tree = readFileSync(join(out, "u-boot.dtb"));
    const keyless = edited((root) => {
      root.children.splice(
        root.children.findIndex(({ name }) => name === "signature"),
        1,
      );
    }, tree);
    const other = Buffer.concat([program.subarray(0, program.length - tree.length), keyless]);
    const shown = await refusal({ "boot.itb": fit }, { files: { "u-boot.bin": other } });
    expect(shown).toContain("The control device tree requires no key");
  });
});

const extlinux = text(
  "default a\ntimeout 0\nlabel a\n  kernel /Image\n  append console=ttyS0 init=/sh\n",
).subarray(0, -1);
const legacy =
  "mkimage -A riscv -O linux -T kernel -C none -a 0x80200000 -e 0x80200000 -d /in/Image /out/made";
const script = "mkimage -A riscv -T script -C none -d /in/boot.cmd /out/made";
const commands = Buffer.from("load virtio 0:1 0x84000000 Image\nbooti 0x84000000 - ${fdtcontroladdr}\n");

describe("an unsigned kernel", () => {
  const noFit = "No boot.itb on virtio 0:auto";
  const noImage = "Wrong Image Type for bootm command";

  test("named by extlinux.conf is not looked at", async () => {
    expect(await refusal({ Image: kernel, "extlinux/extlinux.conf": extlinux })).toContain(noFit);
  });

  test("in a legacy image is refused, whatever its name", async () => {
    const image = await inBuildRoot(legacy, { Image: kernel });
    expect(await refusal({ uImage: image })).toContain(noFit);
    expect(await refusal({ "boot.itb": image })).toContain(noImage);
  });

  test("started by a script is refused, whatever the script's name", async () => {
    const made = await inBuildRoot(script, { "boot.cmd": commands });
    expect(await refusal({ Image: kernel, "boot.scr": made, "boot.scr.uimg": made })).toContain(noFit);
    expect(await refusal({ Image: kernel, "boot.itb": made })).toContain(noImage);
  });

  test("as an EFI program is not looked at", async () => {
    expect(await refusal({ "EFI/BOOT/BOOTRISCV64.EFI": kernel })).toContain(noFit);
  });

  test("as booti takes it is refused", async () => {
    expect(await refusal({ "boot.itb": kernel })).toContain(noImage);
  });

  test("that the network offers is not asked for", async () => {
    const tftp = "user,id=net0,tftp=/images,bootfile=evil.itb";
    const shown = await refusal(
      { "readme.txt": Buffer.from("no FIT here") },
      {
        files: { "evil.itb": fit, pxelinux: extlinux },
        command: (words) => words.map((word) => (word === "user,id=net0" ? tftp : word)),
      },
    );
    expect(shown).toContain(noFit);
    expect(shown).not.toMatch(/BOOTP|DHCP|TFTP/);
  });

  test("has no command to start it: U-Boot has none at all", () => {
    const config = readFileSync(join(out, "config/u-boot.config"), "utf8");
    expect(config).not.toMatch(/^CONFIG_CMD_\w+=y/m);
    for (const gone of ["CMDLINE", "BOOTSTD", "EFI_LOADER", "LEGACY_IMAGE_FORMAT", "NET"]) {
      expect(config).not.toMatch(new RegExp(`^CONFIG_${gone}=y`, "m"));
    }
  });
});

import { createHash, generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readFitKey } from "../../../src/build/read-fit-key.ts";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";
import { renderFit } from "../../../src/image/fit.ts";
import type { FitKeys } from "../../../src/image/fit-key.ts";
import { DeviceTreeStep, FitStep } from "../../../src/recipe/schema/image.ts";
import { childOf, takeApart, valueOf } from "../../support/fit-tree.ts";
import { testRoot } from "../../support/root.ts";
import { signedBytes } from "../../support/signed-regions.ts";
import { make } from "./image-bench.ts";

interface TestKey {
  readonly keys: FitKeys;
  readonly secret: string;
  /** Self-signed, as mkimage takes public keys. */
  readonly certificate: string;
  readonly publicKey: KeyObject;
}

async function newKey(bits: number): Promise<TestKey> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const folder = mkdtempSync(join(tmpdir(), "nvlab-fit-key-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const secret = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const file = join(folder, "boot.key");
  writeFileSync(file, secret, { mode: 0o600 });
  const read = readFitKey("boot", file, false);
  if (!read.ok) throw new Error(read.failures[0]?.message);
  chmodSync(folder, 0o755);
  const lines: string[] = [];
  const ended = await runSandboxed(
    {
      root: await testRoot("check"),
      mounts: [{ host: file, at: "/keys/boot.key", writable: false }],
      environment: baseEnvironment(1_767_225_600),
      command: [
        "/usr/bin/openssl",
        ...["req", "-batch", "-new", "-x509", "-subj", "/CN=test", "-key", "/keys/boot.key"],
      ],
      cwd: "/tmp",
    },
    { log: join(folder, "log"), onLine: (line) => lines.push(line) },
  );
  if (!ended.ok || ended.value.status !== 0) throw new Error(lines.join("\n"));
  const certificate = `${lines.slice(lines.findIndex((line) => line.startsWith("-----BEGIN"))).join("\n")}\n`;
  return { keys: new Map([["boot", read.value.key]]), secret, certificate, publicKey };
}

const fitStep = FitStep.parse({
  fit: {
    kernel: { data: "linux/Image", load: "0x80200000" },
    ramdisk: { data: "initramfs/initramfs.cpio" },
    "device-tree": { data: "board.dtb" },
    "command-line": "console=ttyS0",
    sign: { key: "boot" },
  },
}).fit;
const treeStep = DeviceTreeStep.parse({
  "device-tree": { source: "board.dts", verify: { keys: ["boot"] } },
})["device-tree"];
const project = { "board.dts": '/dts-v1/;\n/ { model = "board"; };\n' };

async function inputs(): Promise<Record<string, string | Uint8Array>> {
  const plain = DeviceTreeStep.parse({ "device-tree": { source: "board.dts" } })["device-tree"];
  const made = await make(renderDeviceTree(plain, "board.dtb"), { project });
  return {
    ...{ "board.dtb": made.output("board.dtb"), "linux/Image": "kernel ".repeat(1000) },
    "initramfs/initramfs.cpio": "ramdisk",
  };
}

describe("a signed FIT", () => {
  it.each([2048, 3072, 4096])("verifies with the public half of a key of %i bits", async (bits) => {
    const { keys, secret, publicKey } = await newKey(bits);
    const made = await make(renderFit(fitStep, "boot.itb", keys), {
      inputs: await inputs(),
      keys: { "boot.key": secret },
    });
    expect(made.printed).not.toContain("PRIVATE");
    const fit = made.output("boot.itb");
    const signature = childOf(takeApart(fit).root, "configurations", "conf-1", "signature-1");
    expect(valueOf(signature, "algo").toString()).toBe(`sha256,rsa${bits}\0`);
    expect(verify("sha256", signedBytes(fit, signature), publicKey, valueOf(signature, "value"))).toBe(true);
    for (const image of ["kernel", "ramdisk", "fdt"]) {
      const node = childOf(takeApart(fit).root, "images", image);
      const hash = createHash("sha256").update(valueOf(node, "data")).digest();
      expect(valueOf(childOf(node, "hash-1"), "value").equals(hash)).toBe(true);
      expect(valueOf(signature, "hashed-nodes").toString()).toContain(`/images/${image}/hash-1\0`);
    }
  });

  it("is the same bytes each time", async () => {
    const { keys, secret } = await newKey(2048);
    const given = { inputs: await inputs(), keys: { "boot.key": secret } };
    const first = await make(renderFit(fitStep, "boot.itb", keys), given);
    const second = await make(renderFit(fitStep, "boot.itb", keys), given);
    expect(second.output("boot.itb").equals(first.output("boot.itb"))).toBe(true);
  });

  it("is not made without the private key", async () => {
    const { keys } = await newKey(2048);
    const made = await make(renderFit(fitStep, "boot.itb", keys), { inputs: await inputs() });
    expect(made.status).not.toBe(0);
  });
});

describe("the control device tree", () => {
  it.each([2048, 3072])("has the node of a key of %i bits as mkimage itself writes it", async (bits) => {
    const { keys, secret, certificate } = await newKey(bits);
    const ours = await make(renderDeviceTree(treeStep, "u-boot.dtb", keys), { project });
    expect(ours.printed).toBe("");
    const theirs = await make(
      {
        script: `cp /in/board.dtb /out/control.dtb
cp /in/boot.itb /tmp/boot.itb
mkimage -k /keys -r -K /out/control.dtb -F /tmp/boot.itb
`,
        ...{ texts: {}, projectPaths: [], references: [], outputs: [] },
      },
      {
        inputs: { ...(await inputs()), "boot.itb": await signedFit(keys, secret) },
        keys: { "boot.key": secret, "boot.crt": certificate },
      },
    );
    expect(theirs.status, theirs.printed).toBe(0);
    const [own, other] = [ours.output("u-boot.dtb"), theirs.output("control.dtb")].map((tree) => {
      const node = childOf(takeApart(tree).root, "signature", "key-boot");
      return Object.fromEntries(node.properties.map(([name, value]) => [name, value.toString("hex")]));
    });
    expect(own).toEqual(other);
  });
});

async function signedFit(keys: FitKeys, secret: string): Promise<Buffer> {
  const made = await make(renderFit(fitStep, "boot.itb", keys), {
    inputs: await inputs(),
    keys: { "boot.key": secret },
  });
  return made.output("boot.itb");
}

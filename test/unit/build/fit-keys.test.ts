import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadFitKeys } from "../../../src/build/fit-keys.ts";
import { readFitKey } from "../../../src/build/read-fit-key.ts";
import { loadProject, type Project } from "../../../src/recipe/project.ts";
import { smallProject, temporaryFolder, writeFiles } from "../../support/project.ts";

function pem(bits = 2048): { secret: string; half: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return {
    secret: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    half: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
}

function keyFile(text: string, mode = 0o600): string {
  const file = join(temporaryFolder({ "one.key": text }), "one.key");
  chmodSync(file, mode);
  return file;
}

const verifying = `name: board
components: { app: {} }
images:
  board.dtb:
    device-tree: { source: dts/board.dts, verify: { keys: [boot] } }
artifacts:
  app: { output: app/app, kind: kernel }
  board.dtb: { output: board.dtb, kind: device-tree }
`;

async function projectWith(files: Readonly<Record<string, string>> = {}): Promise<[Project, string]> {
  const folder = temporaryFolder(smallProject);
  writeFiles(folder, { "recipes/targets/board.yaml": verifying, ...files });
  const project = await loadProject(folder, folder, join(folder, "cache"));
  if (!project.ok) throw new Error(project.failures[0]?.message);
  return [project.value, folder];
}

const codes = (result: ReturnType<typeof readFitKey>): string[] =>
  result.ok ? [] : result.failures.map(({ code }) => code);

describe("a key file", () => {
  it("of a private key can sign, of a public one it can't, and both have one digest", () => {
    const { secret, half } = pem();
    const [whole, other] = [
      readFitKey("boot", keyFile(secret), false),
      readFitKey("boot", keyFile(half, 0o644), false),
    ];
    if (!whole.ok || !other.ok) throw new Error("a good key was refused");
    expect([whole.value.key.canSign, other.value.key.canSign]).toEqual([true, false]);
    expect(other.value.key.sha256).toBe(whole.value.key.sha256);
    expect(whole.value.key.bits).toBe(2048);
  });

  it("that others can read is refused, if it is private", () => {
    expect(codes(readFitKey("boot", keyFile(pem().secret, 0o640), false))).toEqual(["NVLAB_KEY_EXPOSED"]);
  });

  it("of another kind, length or form is refused, and nothing of it is told", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const ed25519 = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const short = pem(1024).secret;
    for (const text of [ed25519, short, "no key", "", short.slice(0, 300)]) {
      const read = readFitKey("boot", keyFile(text), false);
      expect(codes(read)).toEqual(["NVLAB_KEY"]);
      expect(JSON.stringify(read)).not.toContain(text.slice(40, 80) || "-----BEGIN");
    }
  });

  it("that is encrypted is refused with a way out: a build asks nobody for a passphrase", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const format = { format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" } as const;
    const read = readFitKey("boot", keyFile(privateKey.export(format).toString()), false);
    expect(read.ok ? "" : read.failures[0]?.hint).toContain("openssl pkey");
  });

  it("that is a folder, or not there, is refused", () => {
    expect(codes(readFitKey("boot", temporaryFolder(), false))).toEqual(["NVLAB_KEY"]);
    expect(codes(readFitKey("boot", "/nowhere/boot.key", false))).toEqual(["NVLAB_KEY"]);
  });
});

describe("the keys of a target", () => {
  it("are made once where nobody gave any, for this user alone, and marked", async () => {
    const [project, directory] = await projectWith();
    const places = { given: [], directory, cacheDir: join(directory, "cache") };
    const [first, second] = [
      await loadFitKeys(project, "board", places),
      await loadFitKeys(project, "board", places),
    ];
    if (!first.ok || !second.ok) throw new Error("no development key");
    const loaded = first.value.get("boot");
    expect(loaded?.key).toMatchObject({ bits: 2048, development: true, canSign: true });
    expect(second.value.get("boot")?.key.sha256).toBe(loaded?.key.sha256);
    expect(statSync(loaded?.file ?? "").mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, "cache", "keys", "development"))).toEqual(["boot.key"]);
  });

  it("two that want a development key at the same time end up with one", async () => {
    const [project, directory] = await projectWith();
    const places = { given: [], directory, cacheDir: join(directory, "cache") };
    const both = await Promise.all([1, 2].map(() => loadFitKeys(project, "board", places)));
    const digests = both.map((one) => (one.ok ? one.value.get("boot")?.key.sha256 : "failed"));
    expect(digests[0]).toBe(digests[1]);
  });

  it("come from nvlab.yaml, and before that from the command line", async () => {
    const own = 'name: small\nversion: "1.2.3"\nextends: false\nfit-keys: { boot: secret/own.key }\n';
    const [project, directory] = await projectWith({ "nvlab.yaml": own });
    mkdirSync(join(directory, "secret"));
    const [configured, given] = [pem(), pem(3072)];
    writeFileSync(join(directory, "secret", "own.key"), configured.secret, { mode: 0o600 });
    writeFileSync(join(directory, "given.key"), given.secret, { mode: 0o600 });
    const load = async (files: { name: string; file: string }[]): Promise<[number, boolean]> => {
      const cacheDir = join(directory, "cache");
      const loaded = await loadFitKeys(project, "board", { given: files, directory, cacheDir });
      const key = loaded.ok ? loaded.value.get("boot")?.key : undefined;
      return [key?.bits ?? 0, key?.development ?? true];
    };
    expect(await load([])).toEqual([2048, false]);
    expect(await load([{ name: "boot", file: "given.key" }])).toEqual([3072, false]);
  });

  it("that no image names are a mistake of the command line", async () => {
    const [project, directory] = await projectWith();
    const given = [{ name: "bot", file: "x" }];
    const loaded = await loadFitKeys(project, "board", { given, directory, cacheDir: directory });
    expect(loaded.ok ? "" : loaded.failures[0]).toMatchObject({
      code: "NVLAB_USAGE",
      hint: "known keys: boot",
    });
  });
});

import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { create } from "tar";
import { expect, onTestFinished, test } from "vitest";
import { makeMirror, type MirrorReport } from "../../../src/archive/make-mirror.ts";
import { npmItems, tarballPath } from "../../../src/archive/npm-items.ts";
import { readPackageLock } from "../../../src/archive/npm-packages.ts";
import { home } from "../../support/program.ts";
import { temporaryFolder, writeFiles } from "../../support/project.ts";
import { serveFolder } from "../../support/static-server.ts";
import { context, request } from "./small-mirror.ts";

/** A tarball as npm packs one: everything below package/. */
async function tarball(name: string, version: string): Promise<Buffer> {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "package/package.json": JSON.stringify({ name, version, bin: "./cli.js" }),
    "package/cli.js": `#!/usr/bin/env node\nconsole.log("${name} ${version}");\n`,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of create({ cwd: folder, gzip: true, portable: true }, ["package"]))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

const packages = [
  { name: "plain", version: "1.2.3" },
  { name: "@scope/scoped", version: "4.5.6-rc.1" },
];

interface Upstream {
  readonly registry: string;
  readonly asked: string[];
  readonly packageLock: string;
  readonly tarballs: Map<string, Buffer>;
}

/** A registry with two packages, and the lock of a project that needs them. It has no `resolved`, as nvlab's own. */
async function upstream(): Promise<Upstream> {
  const tarballs = new Map<string, Buffer>();
  for (const { name, version } of packages) tarballs.set(name, await tarball(name, version));
  const integrityOf = (name: string): string =>
    `sha512-${createHash("sha512")
      .update(tarballs.get(name) ?? "")
      .digest("base64")}`;
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    const path = decodeURIComponent(incoming.url ?? "").slice(1);
    asked.push(path);
    const found = packages.find(({ name }) => path === name || path.startsWith(`${name}/-/`));
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { name, version } = found;
    if (path !== name) {
      response.end(tarballs.get(name));
      return;
    }
    const { port } = server.address() as AddressInfo;
    const dist = {
      tarball: `http://127.0.0.1:${String(port)}/${name}/-/x-${version}.tgz`,
      integrity: integrityOf(name),
    };
    response.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { name, version, dist } },
      }),
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  const entries = packages.map(({ name, version }): [string, object] => [
    `node_modules/${name}`,
    { version, integrity: integrityOf(name), bin: { [name.split("/").at(-1) ?? name]: "cli.js" } },
  ]);
  const packageLock = JSON.stringify({
    name: "own",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name: "own", version: "1.0.0", dependencies }, ...Object.fromEntries(entries) },
  });
  return {
    registry: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    asked,
    packageLock,
    tarballs,
  };
}

/** npm that knows this registry alone, with a cache of its own and no settings of a user. */
function npmEnvironment(registry: string): Record<string, string> {
  const folder = temporaryFolder({ npmrc: "" });
  return {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    npm_config_registry: registry,
    npm_config_cache: join(folder, "cache"),
    npm_config_userconfig: join(folder, "npmrc"),
    npm_config_globalconfig: join(folder, "none"),
    npm_config_fetch_retries: "2",
    npm_config_fetch_retry_mintimeout: "50",
    npm_config_fetch_retry_maxtimeout: "100",
  };
}

async function mirrorFrom(
  from: Upstream,
  folder: string,
  environment = npmEnvironment(from.registry),
): Promise<MirrorReport> {
  const read = readPackageLock(from.packageLock, "package-lock.json");
  if (!read.ok) throw new Error(JSON.stringify(read.failures));
  const made = await makeMirror(
    request(folder, npmItems(read.value)),
    context(temporaryFolder(), { environment }),
  );
  if (!made.ok) throw new Error(JSON.stringify(made.failures));
  return made.value;
}

function newcomer(from: Upstream): string {
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  return temporaryFolder({
    "package.json": JSON.stringify({ name: "own", version: "1.0.0", dependencies }),
    "package-lock.json": from.packageLock,
  });
}

async function installed(project: string): Promise<string[]> {
  const said = ["plain", "scoped"].map((name) => execa(join(project, "node_modules/.bin", name)));
  return (await Promise.all(said)).map(({ stdout }) => stdout);
}

const closed = "http://127.0.0.1:9/";

test("tarballs come through npm itself, and npm ci installs them from a plain static server alone", async () => {
  const from = await upstream();
  const folder = temporaryFolder();
  expect(await mirrorFrom(from, folder)).toMatchObject({ complete: true, failures: [] });
  expect(existsSync(join(folder, "npm/@scope/scoped/-/scoped-4.5.6-rc.1.tgz"))).toBe(true);
  const before = from.asked.length;
  expect(await mirrorFrom(from, folder, npmEnvironment(closed))).toMatchObject({
    complete: true,
    failures: [],
  });

  const server = await serveFolder(folder);
  onTestFinished(() => server.close());
  const project = newcomer(from);
  const args = ["ci", "--registry", `${server.base}/npm/`, "--replace-registry-host=always", "--no-audit"];
  await execa("npm", args, { cwd: project, env: npmEnvironment(closed), extendEnv: false });
  expect(await installed(project)).toEqual(["plain 1.2.3", "@scope/scoped 4.5.6-rc.1"]);
  expect(from.asked).toHaveLength(before);
});

test("bin/npm-ci.cjs installs from the folder itself, with no other network", async () => {
  const from = await upstream();
  const folder = temporaryFolder();
  expect((await mirrorFrom(from, folder)).failures).toEqual([]);
  const before = from.asked.length;
  const project = newcomer(from);
  const environment = { ...npmEnvironment(closed), http_proxy: closed, https_proxy: closed };
  await execa("node", [join(home, "bin/npm-ci.cjs"), folder], {
    cwd: project,
    env: environment,
    extendEnv: false,
  });
  expect(await installed(project)).toEqual(["plain 1.2.3", "@scope/scoped 4.5.6-rc.1"]);
  expect(from.asked).toHaveLength(before);
});

test("npm refuses a tarball of the mirror that has other bytes", async () => {
  const from = await upstream();
  const folder = temporaryFolder();
  expect((await mirrorFrom(from, folder)).failures).toEqual([]);
  writeFileSync(join(folder, "npm/plain/-/plain-1.2.3.tgz"), from.tarballs.get("@scope/scoped") ?? "");
  const ended = await execa("node", [join(home, "bin/npm-ci.cjs"), folder], {
    cwd: newcomer(from),
    env: npmEnvironment(closed),
    extendEnv: false,
    reject: false,
  });
  expect(ended.exitCode).not.toBe(0);
  expect(ended.stderr).toContain("EINTEGRITY");
});

test("bin/npm-ci.cjs says what it needs, and that a folder is no mirror", async () => {
  const program = join(home, "bin/npm-ci.cjs");
  const [none, wrong] = await Promise.all([
    execa("node", [program], { reject: false }),
    execa("node", [program, temporaryFolder()], { reject: false }),
  ]);
  expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Usage") as string });
  expect(wrong).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("no mirror with npm packages") as string,
  });
});

test("a registry that gives other bytes than the lock asks for is told, and nothing of it is kept", async () => {
  const from = await upstream();
  const folder = temporaryFolder();
  const packageLock = from.packageLock.replace(
    /sha512-[^"]+/,
    `sha512-${createHash("sha512").update("other").digest("base64")}`,
  );
  const report = await mirrorFrom({ ...from, packageLock }, folder);
  expect(report).toMatchObject({ complete: false, failures: [{ code: "NVLAB_DIGEST" }] });
  expect(existsSync(join(folder, "npm/plain/-/plain-1.2.3.tgz"))).toBe(false);
});

test("one mirror is made from another, npm packages too, without npm", async () => {
  const from = await upstream();
  const [first, second] = [temporaryFolder(), temporaryFolder()];
  expect((await mirrorFrom(from, first)).failures).toEqual([]);
  const read = readPackageLock(from.packageLock, "package-lock.json");
  if (!read.ok) throw new Error(JSON.stringify(read.failures));
  const items = npmItems(read.value);
  const without = { environment: { PATH: "/nowhere" }, mirrors: [first] };
  const made = await makeMirror(request(second, items), context(temporaryFolder(), without));
  expect(made).toMatchObject({ ok: true, value: { complete: true, failures: [] } });
  const [plain] = read.value;
  const path = join(second, plain === undefined ? "" : tarballPath(plain));
  expect(readFileSync(path).length).toBeGreaterThan(0);
  rmSync(path);
  writeFileSync(path, "altered");
  const again = await makeMirror(request(second, items), context(temporaryFolder(), without));
  expect(again).toMatchObject({
    ok: true,
    value: { complete: true, mended: [expect.stringContaining("npm/")] },
  });
});

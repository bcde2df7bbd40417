import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { downloadFiles, fetchFiles } from "../../../src/fetch/fetch-files.ts";
import { fetchByIntegrity } from "../../../src/fetch/fetch-unlocked.ts";
import type { FetchContext, WantedFile } from "../../../src/fetch/wanted-file.ts";
import type { UntimedEvent } from "../../../src/report/event.ts";
import {
  endless,
  stalling,
  startFileServer,
  status,
  truncated,
  whole,
  withoutRanges,
  type FileServer,
} from "./file-server.ts";

const content = randomBytes(300_000);
const sha256 = createHash("sha256").update(content).digest("hex");
const wrong = Buffer.from(content).fill(0, 1000, 2000);

let server: FileServer;
let cacheDir: string;
let events: UntimedEvent[];
let context: FetchContext;

beforeEach(async () => {
  server = await startFileServer();
  cacheDir = await mkdtemp(join(tmpdir(), "nvlab-fetch-"));
  events = [];
  context = {
    cacheDir,
    emit: (event) => events.push(event),
    offline: false,
    signal: new AbortController().signal,
    environment: { PATH: process.env.PATH },
    timing: { retries: 2, backOffMs: 5, stallMs: 400, connectMs: 2000 },
  };
});

afterEach(async () => {
  await server.close();
  await rm(cacheDir, { recursive: true, force: true });
});

const wanted = (...places: string[]): WantedFile => ({
  name: "linux.tar",
  size: content.length,
  sha256,
  places,
});
const isStored = async (): Promise<boolean> =>
  (await readFile(join(cacheDir, "downloads", "sha256", sha256))).equals(content);
const rejected = (): Promise<string[]> => readdir(join(cacheDir, "downloads", "rejected")).catch(() => []);
const partials = (): Promise<string[]> => readdir(join(cacheDir, "downloads", "partial")).catch(() => []);
const codes = async (...files: WantedFile[]): Promise<string[]> =>
  (await downloadFiles(files, context)).failures.map(({ code }) => code);

test("a file is downloaded to its digest, with events, and not asked for again", async () => {
  server.on("/a", whole(content));
  expect(await fetchFiles([wanted(`${server.base}/a`)], context)).toEqual({ ok: true, value: undefined });
  expect(await isStored()).toBe(true);
  expect(events.map(({ type }) => type)).toContain("download-started");
  expect(events.at(-1)).toEqual({ type: "download-finished", file: "linux.tar", bytes: content.length });
  await fetchFiles([wanted(`${server.base}/a`)], context);
  expect(server.requests).toHaveLength(1);
  expect(await partials()).toEqual([]);
});

test("a truncated download goes on where it stopped", async () => {
  server.on("/a", truncated(content, 100_000), whole(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
  expect(server.requests[1]?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
  expect(events.some(({ type }) => type === "download-retried")).toBe(true);
});

test("a stalled download is given up and goes on", async () => {
  server.on("/a", stalling(content, 50_000), whole(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "download-retried", reason: "stalled: no byte for too long" }),
  );
});

test("a server without ranges starts over", async () => {
  server.on("/a", truncated(content, 100_000), withoutRanges(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
});

test("a resumed file with the wrong digest is downloaded whole once more", async () => {
  server.on("/a", truncated(wrong, 100_000), whole(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
  expect(server.requests).toHaveLength(3);
  expect(server.requests[2]?.headers.range).toBeUndefined();
  expect(await rejected()).toEqual([]);
});

test("wrong bytes are set aside, never used, and the next place is tried", async () => {
  server.on("/bad", whole(wrong));
  server.on("/good", whole(content));
  expect(await codes(wanted(`${server.base}/bad`, `${server.base}/good`))).toEqual([]);
  expect(await isStored()).toBe(true);
  expect(await rejected()).toEqual([`${sha256}-1`]);
});

test("wrong bytes everywhere are a failure that names the file set aside", async () => {
  server.on("/bad", whole(wrong));
  const { failures, gone } = await downloadFiles([wanted(`${server.base}/bad`)], context);
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_DIGEST"]);
  expect(failures[0]?.details?.[0]).toContain(`${sha256}-1`);
  expect(gone).toEqual([]);
});

test("a file larger than the locked one is not downloaded", async () => {
  server.on("/long", whole(Buffer.concat([content, content])));
  expect(await codes(wanted(`${server.base}/long`))).toEqual(["NVLAB_DIGEST"]);
});

test("a body without end is stopped at the locked size", async () => {
  server.on("/endless", endless());
  expect(await codes(wanted(`${server.base}/endless`))).toEqual(["NVLAB_DIGEST"]);
});

test("a file that is nowhere is gone: each place and what it said are named, credentials are not", async () => {
  const secret = server.base.replace("http://", "http://user:secret@");
  const { failures, gone } = await downloadFiles([wanted(`${secret}/a`, `${server.base}/b`)], context);
  expect(failures).toEqual([
    {
      code: "NVLAB_DOWNLOAD",
      message: "linux.tar cannot be downloaded: it has left every place",
      hint: "resolve the entry anew with `nvlab lock --update NAME`, or name a mirror that still has it",
      details: [`${server.base}/a: answers 404`, `${server.base}/b: answers 404`],
    },
  ]);
  expect(gone.map(({ name }) => name)).toEqual(["linux.tar"]);
  expect(JSON.stringify(events)).not.toContain("secret");
});

test("a place that cannot be reached is no proof that the file is gone", async () => {
  const { failures, gone } = await downloadFiles(
    [wanted(`${server.base}/a`, "http://127.0.0.1:9/a")],
    context,
  );
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_DOWNLOAD"]);
  expect(gone).toEqual([]);
});

test("a busy server is asked again", async () => {
  server.on("/a", status(503), whole(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
});

test("one file that fails does not keep another from being downloaded", async () => {
  server.on("/a", whole(content));
  const missing = { ...wanted(`${server.base}/none`), name: "none", sha256: "0".repeat(64) };
  expect(await codes(missing, wanted(`${server.base}/a`))).toEqual(["NVLAB_DOWNLOAD"]);
  expect(await isStored()).toBe(true);
});

test("credentials in an address are sent, and shown nowhere", async () => {
  server.on("/a", status(401));
  const place = server.base.replace("http://", "http://user:p%40ss@");
  const { failures } = await downloadFiles([wanted(`${place}/a`)], context);
  const sent = Buffer.from("user:p@ss").toString("base64");
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${sent}`);
  expect(JSON.stringify([failures, events])).not.toContain("p%40ss");
});

test("http goes through the proxy of the environment as a plain request, and not where no_proxy says so", async () => {
  server.on("http://mirror.invalid/a", whole(content));
  const environment = { ...context.environment, http_proxy: server.base.replace("http://", "http://me:pw@") };
  context = { ...context, environment };
  expect(await codes(wanted("http://mirror.invalid/a"))).toEqual([]);
  expect(server.requests[0]?.url).toBe("http://mirror.invalid/a");
  expect(server.requests[0]?.headers["proxy-authorization"]).toBe(
    `Basic ${Buffer.from("me:pw").toString("base64")}`,
  );
  context = {
    ...context,
    environment: { ...environment, no_proxy: "mirror.invalid" },
    timing: { retries: 0 },
  };
  await rm(join(cacheDir, "downloads"), { recursive: true });
  expect(await codes(wanted("http://mirror.invalid/a"))).toEqual(["NVLAB_DOWNLOAD"]);
});

test("an unusable proxy is a failure without its password", async () => {
  context = { ...context, environment: { ...context.environment, http_proxy: "nonsense user:secret@" } };
  const { failures } = await downloadFiles([wanted(`${server.base}/a`)], context);
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_DOWNLOAD"]);
  expect(JSON.stringify(failures)).not.toContain("secret");
});

test("redirections are followed", async () => {
  server.on("/a", (_, response) => {
    response.writeHead(302, { location: "/b" });
    response.end();
  });
  server.on("/b", whole(content));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
});

test("a folder on this host is a place, as a path and as a file URL, also offline", async () => {
  const folder = join(cacheDir, "mirror folder");
  await mkdir(folder);
  await writeFile(join(folder, "a"), content);
  context = { ...context, offline: true };
  expect(await codes(wanted(`${folder}/none`, pathToFileURL(join(folder, "a")).href))).toEqual([]);
  await rm(join(cacheDir, "downloads"), { recursive: true });
  expect(await codes(wanted(`${folder}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
});

test("offline, what is missing is named and nothing is asked", async () => {
  context = { ...context, offline: true };
  const { failures } = await downloadFiles([wanted(`${server.base}/a`)], context);
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_OFFLINE"]);
  expect(failures[0]?.message).toContain("linux.tar");
  expect(server.requests).toEqual([]);
});

test("what an interrupted run has received is used by the next one", async () => {
  server.on("/a", stalling(content, 150_000), whole(content));
  const halt = new AbortController();
  setTimeout(() => {
    halt.abort();
  }, 200);
  const { failures } = await downloadFiles([wanted(`${server.base}/a`)], { ...context, signal: halt.signal });
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_INTERRUPTED"]);
  expect(await partials()).toEqual([`${sha256}~idle`]);
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(server.requests[1]?.headers.range).toBeDefined();
  expect(await isStored()).toBe(true);
});

test("what a killed process had received is taken over", async () => {
  server.on("/a", whole(content));
  await mkdir(join(cacheDir, "downloads", "partial"), { recursive: true });
  const left = join(cacheDir, "downloads", "partial", `${sha256}~${hostname()}~${process.pid}~1`);
  await writeFile(left, content.subarray(0, 1234));
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(server.requests[0]?.headers.range).toBe("bytes=1234-");
});

test("two fetches of one file at once download it once", async () => {
  server.on("/a", (request, response) => setTimeout(() => whole(content)(request, response), 150));
  const both = await Promise.all([1, 2].map(() => fetchFiles([wanted(`${server.base}/a`)], context)));
  expect(both.every(({ ok }) => ok)).toBe(true);
  expect(server.requests).toHaveLength(1);
});

test("a cached file of the wrong size is set aside and downloaded anew", async () => {
  server.on("/a", whole(content));
  await mkdir(join(cacheDir, "downloads", "sha256"), { recursive: true });
  await writeFile(join(cacheDir, "downloads", "sha256", sha256), "short");
  expect(await codes(wanted(`${server.base}/a`))).toEqual([]);
  expect(await isStored()).toBe(true);
  expect(await rejected()).toHaveLength(1);
});

test("a file of which only an SRI digest is known is really downloaded, and its size told", async () => {
  server.on("/a", whole(content));
  const integrity = `sha256-${Buffer.from(sha256, "hex").toString("base64")}`;
  const file = { name: "a", integrity, places: [`${server.base}/a`] };
  expect(await fetchByIntegrity(file, context)).toMatchObject({ value: { size: content.length, sha256 } });
  expect(await fetchByIntegrity(file, context)).toMatchObject({ value: { size: content.length, sha256 } });
  expect(server.requests).toHaveLength(1);
});

import { spawn, type ChildProcess } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { Parser, type ReadEntry } from "tar";
import { failed, ok, type Result } from "../../failure/result.ts";
import { interruptedFailure } from "../../fetch/attempt.ts";
import { licenceTexts, type LicenceText } from "../../sbom/licence-texts.ts";

/** Tools of the host that give what is in a compressed file, by the bytes with which it begins. */
const decompressors: readonly { readonly magic: string; readonly command: readonly [string, ...string[]] }[] =
  [
    { magic: "fd377a585a00", command: ["xz", "-dc"] },
    { magic: "425a68", command: ["bzip2", "-dc"] },
    { magic: "28b52ffd", command: ["zstd", "-dc"] },
    { magic: "1f8b", command: ["gzip", "-dc"] },
  ];

/** What may be a licence by its name; which of them are, licenceTexts says. */
const maybe = /copying|licen[cs]e|copyright|notice|patents/i;
const longest = 1024 * 1024;
const most = 2000;

/**
 * Licence texts in a tar archive, compressed or not. Nothing but these texts is written anywhere, and they go to a
 * folder of this function's own, under names without `..` and links.
 * @param strip leading folders to drop from the names
 */
export async function archiveLicences(
  archive: string,
  name: string,
  strip: number,
  work: string,
  signal: AbortSignal,
): Promise<Result<LicenceText[]>> {
  const folder = await mkdtemp(join(work, "licences-"));
  try {
    const read = await readCandidates(archive, strip, signal);
    if (typeof read === "string") {
      return failed({
        code: "NVLAB_ARCHIVE",
        message: `${name} cannot be read: ${read}`,
        hint: "its licence texts are part of the bundle; sudo apt install xz-utils bzip2 gzip zstd",
      });
    }
    for (const [path, content] of read) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, content);
    }
    return ok(licenceTexts(folder));
  } catch (error) {
    if (signal.aborted) return failed(interruptedFailure);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A name in an archive as a plain path; undefined where it leads outside, or is none of a licence. */
export function candidatePath(name: string, strip: number): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const path = parts.slice(strip);
  // Longer names than a file system takes are nobody's licence either.
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return undefined;
  if (path.length === 0 || name.startsWith("/") || parts.includes("..") || name.includes("\0"))
    return undefined;
  return maybe.test(path.join("/")) ? path.join("/") : undefined;
}

async function readCandidates(
  archive: string,
  strip: number,
  signal: AbortSignal,
): Promise<Map<string, Buffer> | string> {
  const found = new Map<string, Buffer>();
  const parser = new Parser({ strict: true });
  parser.on("entry", (entry: ReadEntry) => {
    const path = candidatePath(entry.path, strip);
    const plain = entry.type === "File" || entry.type === "OldFile";
    if (path === undefined || !plain || entry.size > longest || found.size >= most || clashes(path, found)) {
      entry.resume();
      return;
    }
    const chunks: Buffer[] = [];
    entry.on("data", (chunk: Buffer) => chunks.push(chunk));
    entry.on("end", () => found.set(path, Buffer.concat(chunks)));
  });
  const { stream, tool, ended } = await opened(archive);
  const stop = (): void => {
    stream.destroy(new Error("interrupted"));
    tool?.kill("SIGKILL");
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const parsed = new Promise<string>((done) => {
      parser.on("end", () => done(""));
      parser.on("error", (error: unknown) => done(error instanceof Error ? error.message : String(error)));
      stream.on("error", (error: Error) => done(error.message));
    });
    // Every entry is read or passed over as it comes, so nothing piles up in the parser.
    stream.on("data", (chunk: Buffer) => parser.write(chunk));
    stream.on("end", () => parser.end());
    const reason = await parsed;
    if (reason !== "") tool?.kill("SIGKILL");
    signal.throwIfAborted();
    const complaint = await ended;
    return reason === "" && complaint === "" ? found : complaint || reason;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A file in the place of a folder, or the other way round: the first of them stays. */
function clashes(path: string, found: ReadonlyMap<string, Buffer>): boolean {
  const parts = path.split("/");
  return (
    parts.some((_, depth) => depth > 0 && found.has(parts.slice(0, depth).join("/"))) ||
    [...found.keys()].some((known) => known.startsWith(`${path}/`))
  );
}

interface OpenedArchive {
  readonly stream: Readable;
  readonly tool?: ChildProcess;
  /** What the tool complained of; empty where it ended well. */
  readonly ended: Promise<string>;
}

async function opened(archive: string): Promise<OpenedArchive> {
  const file = await open(archive, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(6), 0, 6, 0);
    const start = buffer.toString("hex");
    const found = decompressors.find(({ magic }) => start.startsWith(magic));
    if (found === undefined) return { stream: createReadStream(archive), ended: Promise.resolve("") };
    const [command, ...args] = found.command;
    // By its input: the name of a file in the cache has no suffix, which these tools insist on.
    const tool = spawn(command, args, { stdio: [file.fd, "pipe", "pipe"] });
    if (tool.stdout === null) throw new Error(`${command} was started without an output`);
    // Read from at once: when a process ends, Node throws away what nobody has begun to read.
    return { stream: tool.stdout.pipe(new PassThrough()), tool, ended: endOf(tool) };
  } finally {
    await file.close();
  }
}

/** What a tool complained of; empty where it ended well. */
function endOf(tool: ChildProcess): Promise<string> {
  const said: Buffer[] = [];
  tool.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
  return new Promise((done) => {
    tool.on("error", (error) => done(error.message));
    tool.on("close", (status) => {
      if (status === 0) done("");
      else done(Buffer.concat(said).toString("utf8").trim().split("\n")[0] ?? `status ${String(status)}`);
    });
  });
}

import { mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "./disk-failure.ts";
import { partialFolder, sizeOf } from "./downloads.ts";

/** When a process started, in ticks since boot: tells apart two processes that had the same number. */
async function startOf(pid: string): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is a name in parentheses that may hold spaces; the start is field 22.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

const abandonedMs = 10 * 60_000;

async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const [, host = "", pid = "", start = ""] = name.split("~");
  if (host === "idle") return true;
  if (host === hostname()) return (await startOf(pid)) !== start;
  // A process of another machine cannot be asked, but while it downloads, its file changes.
  const found = await stat(join(folder, name)).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedMs;
}

/** Makes an empty file, unless another call of this process has it already. */
async function create(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Claims the partial download of a digest. Its name holds its owner, so that what a killed process left is
 * taken over and goes on, while what a living one is downloading is waited for.
 * @returns the path to write to, or undefined once another process has finished the file.
 */
export async function claimPartial(
  cacheDir: string,
  digest: string,
  finished: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const folder = partialFolder(cacheDir);
  await mkdir(folder, { recursive: true });
  const owner = `${hostname()}~${process.pid}~${(await startOf("self")) ?? ""}`;
  const mine = join(folder, `${digest}~${owner}`);
  for (;;) {
    const rivals = (await readdir(folder)).filter((name) => name.startsWith(`${digest}~`));
    if (rivals.length === 0 && (await create(mine))) return mine;
    for (const rival of rivals) {
      if (!(await isAbandoned(folder, rival))) continue;
      const taken = await rename(join(folder, rival), mine).then(
        () => true,
        () => false,
      );
      if (taken) return mine;
    }
    if ((await sizeOf(finished)) !== undefined) return undefined;
    await delay(100, undefined, { signal });
  }
}

/** Gives a partial file back after an interrupt or a failure, for whoever goes on with it. */
export async function releasePartial(cacheDir: string, digest: string, mine: string): Promise<void> {
  if (await sizeOf(mine))
    await rename(mine, join(partialFolder(cacheDir), `${digest}~idle`)).catch(() => undefined);
  else await rm(mine, { force: true });
}

import { createHash } from "node:crypto";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Position } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { lockVersion } from "./lock-version.ts";
import type { Lock } from "./lock.ts";

function failAt(at: Position, message: string, hint: string): Result<never> {
  return failed({ code: "NVLAB_LOCK", message, at, hint });
}

async function brokenJson(path: string, text: string): Promise<Result<never>> {
  const { positionAt, syntaxErrorAt } = await import("./json-position.ts");
  const offset = syntaxErrorAt(text) ?? 0;
  const at = { file: path, ...positionAt(text, offset) };
  if (/^(?:<{7}|>{7}|\|{7}) /m.test(text)) {
    return failAt(at, "the lock has conflict markers of a merge", "take one side, then run `nvlab lock`");
  }
  const what = offset >= text.trimEnd().length ? "ends too early" : "is not JSON here";
  return failAt(at, `the lock ${what}`, "restore it from version control, or remove it and run `nvlab lock`");
}

async function validate(path: string, text: string, parsed: unknown): Promise<Result<Lock>> {
  const [{ Lock: schema }, { positionAt, offsetOf }] = await Promise.all([
    import("./lock.ts"),
    import("./json-position.ts"),
  ]);
  const checked = schema.safeParse(parsed);
  if (checked.success) return ok(checked.data);
  return failed(
    ...checked.error.issues.map((issue) => ({
      code: "NVLAB_LOCK" as const,
      message: `${issue.path.map(String).join(".") || "the lock"}: ${issue.message}`,
      at: { file: path, ...positionAt(text, offsetOf(text, issue.path)) },
      hint: "restore it from version control, or remove it and run `nvlab lock`",
    })),
  );
}

function versionOf(parsed: unknown): unknown {
  return typeof parsed === "object" && parsed !== null && "lockVersion" in parsed
    ? parsed.lockVersion
    : undefined;
}

/**
 * Reads a lock; undefined where the file is not there. The schema is checked in full once for each content:
 * a stamp in the cache remembers it, and spares every later start the loading of the schema.
 */
export async function readLock(path: string, cacheDir?: string): Promise<Result<Lock | undefined>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return ok(undefined);
    return failed({
      code: "NVLAB_LOCK",
      message: `cannot read ${path} (${code})`,
      hint: "mend its permissions",
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return brokenJson(path, text);
  }
  const version = versionOf(parsed);
  if (typeof version === "number" && version > lockVersion) {
    return failed({
      code: "NVLAB_LOCK_VERSION",
      message: `${path} has lock version ${version}, and this nvlab knows ${lockVersion}`,
      hint: "update nvlab to the version that wrote it",
    });
  }
  const digest = createHash("sha256").update(`${lockVersion}\n${text}`).digest("hex");
  const stamp = cacheDir === undefined ? undefined : join(cacheDir, "validated", digest);
  const known =
    stamp !== undefined &&
    (await access(stamp).then(
      () => true,
      () => false,
    ));
  if (known) return ok(parsed as Lock);
  const checked = await validate(path, text, parsed);
  if (checked.ok && cacheDir !== undefined && stamp !== undefined) {
    // Without the stamp the next start is slower, and that is all.
    await mkdir(join(cacheDir, "validated"), { recursive: true })
      .then(() => writeFile(stamp, ""))
      .catch(() => undefined);
  }
  return checked;
}

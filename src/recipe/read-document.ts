import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FailureCode } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Located } from "./located.ts";
import type { DocumentKind, DocumentOf } from "./schema/documents.ts";

/**
 * Another program may have other schemas: what it found good is checked again. The compiled text names the chunks
 * of the schemas by their content; its time would not do, because packages of npm all have the same.
 */
const programVersion = createHash("sha256")
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest("hex");

/**
 * Reads and checks one YAML file. A document that was found good before is taken from the cache by the
 * digest of its text: parsing YAML and loading zod would cost a command that has nothing to do its time.
 */
export async function readDocument<K extends DocumentKind>(
  kind: K,
  absolute: string,
  shown: string,
  cacheDir: string,
): Promise<Result<Located<DocumentOf<K>>>> {
  let text: string;
  try {
    text = readFileSync(absolute, "utf8");
  } catch (error) {
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `cannot read ${shown}: ${(error as Error).message}`,
    });
  }
  const digest = createHash("sha256").update(`${programVersion}\0${kind}\0${text}`).digest("hex");
  const cached = join(cacheDir, "documents", `${digest}.json`);
  const before = readCached(cached);
  if (before) return ok({ ...(before as Located<DocumentOf<K>>), file: shown });

  const [{ parseYaml }, { documents }] = await Promise.all([
    import("./parse-yaml.ts"),
    import("./schema/documents.ts"),
  ]);
  const code: FailureCode = kind === "project" ? "NVLAB_PROJECT" : "NVLAB_RECIPE";
  const parsed = parseYaml(shown, text, documents[kind], code);
  if (!parsed.ok) return parsed;
  writeCached(cached, parsed.value);
  return ok(parsed.value as Located<DocumentOf<K>>);
}

function readCached(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written is slower, and nothing else. */
function writeCached(path: string, value: unknown): void {
  const temporary = `${path}.${String(process.pid)}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch {
    return;
  }
}

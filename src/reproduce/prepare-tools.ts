import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { Mount } from "../exec/sandbox.ts";
import type { Tools } from "./outside.ts";
import type { VariationName } from "./variation.ts";

export interface ToolRequest {
  /** Host path of the build root, which has the compiler and localedef. */
  readonly build: string;
  /** Host path of the root with setarch and libfaketime. */
  readonly vary: string | undefined;
  /** Folder of nvlab itself. */
  readonly home: string;
  /** Folder that this fills. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface PreparedTools {
  readonly tools: Tools;
  /** Why a variation is out of reach. */
  readonly reasons: Partial<Record<VariationName, string>>;
}

const locale = "et_EE";

/** Compiles the file-order library and a locale that sorts otherwise, in the sandbox of the build root. */
export async function prepareTools(request: ToolRequest): Promise<PreparedTools> {
  const { build, vary, home, folder, signal } = request;
  const reasons: Partial<Record<VariationName, string>> = {};
  const make = async (name: string, script: string, mounts: readonly Mount[], made: string) => {
    const out = join(folder, name);
    mkdirSync(out, { recursive: true });
    const ended = await runSandboxed(
      {
        root: build,
        mounts: [...mounts, { host: out, at: "/out", writable: true }],
        environment: baseEnvironment(0),
        command: ["/usr/bin/bash", "-euc", script],
        cwd: "/tmp",
      },
      { log: join(folder, `${name}.log`), signal },
    );
    return ended.ok && existsSync(join(out, made)) ? out : undefined;
  };
  const source = join(home, "vary/file-order.c");
  const library = await make(
    "file-order",
    "gcc -std=c11 -O2 -Wall -fvisibility=hidden -shared -fPIC -o /out/file-order.so /project/file-order.c",
    [{ host: source, at: "/project/file-order.c", writable: false }],
    "file-order.so",
  );
  if (library === undefined) reasons.fileordering = "the build root has no gcc that makes the library for it";
  const locales =
    vary === undefined
      ? undefined
      : await make(
          "locales",
          `I18NPATH=/vary/i18n localedef --no-archive -i ${locale} -f UTF-8 /out/${locale}.UTF-8 || true`,
          [{ host: join(vary, "usr/share/i18n"), at: "/vary/i18n", writable: false }],
          `${locale}.UTF-8/LC_COLLATE`,
        );
  if (vary === undefined) {
    const none = "the target names no root for it (reproduce: { root: vary })";
    for (const name of ["kernel", "aslr", "num_cpus", "time", "fileordering", "locales"] as const)
      reasons[name] = none;
  } else if (locales === undefined) reasons.locales = "its locale could not be compiled in the build root";
  return {
    tools: {
      sandbox: build,
      vary,
      fileOrder: library === undefined ? undefined : join(library, "file-order.so"),
      locales,
    },
    reasons,
  };
}

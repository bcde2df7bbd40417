import { join, resolve } from "node:path";
import { failed, ok } from "../../failure/result.ts";
import { findProjectDirectory } from "../../recipe/project.ts";
import { readDocument } from "../../recipe/read-document.ts";
import { outFolderOf } from "../../release/out-folder.ts";
import { count } from "../../report/measure.ts";
import { removeRelease } from "../clean/remove-release.ts";
import type { CommandContext, Run } from "../context.ts";
import type { CleanOptions } from "../options.ts";
import type { Result } from "../../failure/result.ts";

export const run: Run<CleanOptions> = async (context, options) => {
  const out = await outFolder(context, options);
  if (!out.ok) return out;
  const { removed, kept } = await removeRelease(out.value, context.cacheDir);
  const left = kept.map((path) => `\n  kept ${path}: nvlab did not write it so`).join("");
  const said =
    removed.length === 0
      ? `nothing of nvlab's in ${out.value}`
      : `removed ${count(removed.length, "file")} from ${out.value}`;
  return ok({ data: { out: out.value, removed, kept }, remarks: said + left });
};

async function outFolder(context: CommandContext, options: CleanOptions): Promise<Result<string>> {
  if (options.out !== undefined) return ok(resolve(context.directory, options.out));
  const directory = findProjectDirectory(context.directory);
  if (!directory.ok) return directory;
  const target =
    options.target === undefined ? await defaultTarget(context, directory.value) : ok(options.target);
  if (!target.ok) return target;
  // A name, not a path: nothing outside out/ may be reached by it.
  if (!/^[a-z0-9][a-z0-9.+-]*$/.test(target.value)) {
    return failed({ code: "NVLAB_USAGE", message: `'${target.value}' is not the name of a target` });
  }
  return ok(outFolderOf(directory.value, target.value));
}

async function defaultTarget(context: CommandContext, directory: string): Promise<Result<string>> {
  const file = await readDocument("project", join(directory, "nvlab.yaml"), "nvlab.yaml", context.cacheDir);
  if (!file.ok) return file;
  const target = file.value.value["default-target"];
  if (target !== undefined) return ok(target);
  return failed({
    code: "NVLAB_USAGE",
    message: "the project has no default target",
    hint: "name one: nvlab clean TARGET; or set default-target in nvlab.yaml",
  });
}

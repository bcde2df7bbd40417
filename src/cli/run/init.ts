import { lstatSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { failed, ok } from "../../failure/result.ts";
import { projectFiles } from "../init/project-files.ts";
import { targetFile } from "../init/target-file.ts";
import type { Run } from "../context.ts";
import type { InitOptions } from "../options.ts";

/** The shipped target that a new one is made from. */
const model = "recipes/targets/qemu-virt.yaml";

export const run: Run<InitOptions> = async (context, options) => {
  const directory = resolve(context.directory, options.folder ?? ".");
  const name = options.name ?? basename(directory).toLowerCase();
  if (!/^[a-z0-9][a-z0-9.+-]{0,63}$/.test(name)) {
    return failed({
      code: "NVLAB_USAGE",
      message: `'${name}' cannot be the name of a project`,
      hint: "give one with --name: lower-case letters, digits, '.', '+' and '-', as in my-board",
    });
  }
  const files = [...projectFiles(name), targetFile(name, await readFile(join(context.home, model), "utf8"))];
  const there = files.filter(({ path }) => lstatSync(join(directory, path), { throwIfNoEntry: false }));
  if (there.length > 0) {
    return failed({
      code: "NVLAB_PROJECT",
      message: `${directory} has files already that a new project would overwrite; nothing was written`,
      details: there.map(({ path }) => path),
      hint: "choose another folder: nvlab init FOLDER",
    });
  }
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text, { flag: "wx" });
    }
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return failed({ code: "NVLAB_PROJECT", message: `cannot write the project: ${error.message}` });
  }
  const paths = files.map(({ path }) => path).sort();
  const folder = relative(context.directory, directory);
  const go = folder === "" ? "" : `cd ${folder} && `;
  return ok({
    data: { directory, name, files: paths },
    remarks: [
      `made project ${name} in ${directory}:`,
      ...paths.map((path) => `  ${path}`),
      `next: ${go}nvlab build`,
    ].join("\n"),
  });
};

import { resolve } from "node:path";
import { makeSources } from "../../archive/bundle/make-sources.ts";
import { ok } from "../../failure/result.ts";
import { count, humanSize } from "../../report/measure.ts";
import type { Run } from "../context.ts";
import type { SourcesOptions } from "../options.ts";

export const run: Run<SourcesOptions> = async (context, { path, out, leaveOut = [] }) => {
  const made = await makeSources(
    {
      release: resolve(context.directory, path),
      out: out === undefined ? undefined : resolve(context.directory, out),
      leftOut: leaveOut,
    },
    context,
  );
  if (!made.ok) return made;
  const { folder, files, bytes, archive, sha256, lacking, withoutTexts, pinned } = made.value;
  const yellow = (text: string): string => context.paint("yellow", text);
  const notes = [
    ...lacking.map((one) =>
      yellow(
        `not here: source package ${one.name} ${one.version}: ${one.state === "lacking" ? one.why : ""}`,
      ),
    ),
    ...withoutTexts.map((name) => yellow(`no licence text was found in the source of ${name}`)),
    ...(pinned
      ? []
      : [yellow("recipes and scripts are the working tree's: git does not have the commit of the release")]),
  ];
  return ok({
    data: made.value,
    result: `${folder}\n${archive}  sha256 ${sha256}`,
    remarks: [...notes, `${count(files, "file")}, ${humanSize(bytes)}`].join("\n"),
  });
};

import { resolve } from "node:path";
import type { MirrorReport } from "../../archive/make-mirror.ts";
import { mirrorProject } from "../../archive/mirror-project.ts";
import { verifyMirror } from "../../archive/verify-mirror.ts";
import { ok, type Result } from "../../failure/result.ts";
import type { MirrorKind } from "../../fetch/mirror-index.ts";
import { count, humanSize } from "../../report/measure.ts";
import { renderTable } from "../../report/table.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import type { MirrorOptions } from "../options.ts";

export const run: Run<MirrorOptions> = async (context, options) => {
  const folder = resolve(context.directory, options.folder);
  if (options.verify === true) return verified(context, folder);
  const made = await mirrorProject(
    {
      folder,
      mode: options.prune === true ? "prune" : options.update === true ? "update" : "add",
      copy: options.copy ?? false,
      only: options.only ?? [],
    },
    context,
  );
  if (!made.ok) return made;
  const { failures, complete, files, removed, mended } = made.value;
  return ok({
    data: { folder, complete, ...tally(made.value), mended, removed, failures },
    result: table(made.value, context),
    remarks: describe(made.value, files.length),
    ...(failures.length > 0 && { failures, exit: 1 as const }),
  });
};

const titles: Readonly<Record<MirrorKind, string>> = {
  source: "sources",
  package: "packages of roots",
  git: "git commits",
  npm: "npm tarballs",
  "npm-index": "npm metadata",
};

function tally({ files }: MirrorReport): { files: number; bytes: number; how: Record<string, number> } {
  const how: Record<string, number> = {};
  for (const file of files) how[file.how] = (how[file.how] ?? 0) + 1;
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), how };
}

function table(report: MirrorReport, { paint }: CommandContext): string {
  const rows = Object.entries(titles).flatMap(([kind, title]) => {
    const found = report.files.filter((file) => file.kind === kind);
    if (found.length === 0) return [];
    const bytes = found.reduce((sum, { size }) => sum + size, 0);
    const { how } = tally({ ...report, files: found });
    const ways = Object.entries(how).map(([way, number]) => `${String(number)} ${way}`);
    return [[title, String(found.length), humanSize(bytes), ways.sort().join(", ")]];
  });
  return renderTable(
    [
      { title: "what" },
      { title: "files", align: "right" },
      { title: "size", align: "right" },
      { title: "how" },
    ],
    rows,
    paint,
  );
}

function describe({ folder, complete, removed, mended, failures }: MirrorReport, files: number): string {
  const notes = [
    ...(mended.length > 0 ? [`${count(mended.length, "file")} had other bytes: replaced`] : []),
    ...(removed.length > 0 ? [`${count(removed.length, "file")} removed`] : []),
  ];
  const said = complete
    ? `${folder} has all that the lock names: \`nvlab --mirror ${folder} build\` needs no other network`
    : `${folder} has ${count(files, "file")}, which is not all that the lock names`;
  const next = failures.length > 0 ? ["run the command again: it goes on where it stopped"] : [];
  return [...notes, said, ...next].join("\n");
}

async function verified({ signal, paint }: CommandContext, folder: string): Promise<Result<Outcome>> {
  const verdict = await verifyMirror(folder, signal);
  if (!verdict.ok) return verdict;
  const { faults, files, bytes, complete } = verdict.value;
  const rows = faults.map(({ path, kind, what }) => [kind, JSON.stringify(path).slice(1, -1), what]);
  const whole = complete ? "" : "; it does not have all that its lock names";
  return ok({
    data: verdict.value,
    ...(faults.length > 0 && {
      result: renderTable([{ title: "fault" }, { title: "file" }, { title: "what" }], rows, paint),
    }),
    remarks: `${count(files, "file")} with ${humanSize(bytes)} hashed: ${faults.length === 0 ? "all as the index says" : count(faults.length, "fault")}${whole}`,
    exit: faults.length === 0 ? 0 : 1,
  });
}

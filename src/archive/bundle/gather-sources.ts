import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { create } from "tar";
import type { Prepared } from "../../build/prepared.ts";
import { ok, type Result } from "../../failure/result.ts";
import { downloadPath } from "../../fetch/downloads.ts";
import { gitRepository } from "../../fetch/git-repository.ts";
import { checkoutGit } from "../../fetch/git-tree.ts";
import type { FetchContext } from "../../fetch/wanted-file.ts";
import { byBytes } from "../../store/by-bytes.ts";
import { walkTree } from "../../store/walk-tree.ts";
import type { BundleFile } from "./bundle-file.ts";

export interface GatheredSources {
  readonly files: readonly BundleFile[];
  /** Paths in the bundle by component. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Host folders of the trees that came from git, by component. */
  readonly trees: ReadonlyMap<string, readonly string[]>;
}

/**
 * The original archive of every pinned source, from the cache. A commit becomes an archive of its files, with the build
 * epoch as every time: git's own would leave out what the tree's attributes tell it to.
 */
export async function gatherSources(
  { planned }: Prepared,
  leftOut: ReadonlySet<string>,
  work: string,
  context: FetchContext,
): Promise<Result<GatheredSources>> {
  const files: BundleFile[] = [];
  const paths = new Map<string, string[]>();
  const trees = new Map<string, string[]>();
  const add = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  for (const node of planned.plan.nodes) {
    if (node.kind !== "source" || leftOut.has(node.component)) continue;
    const { origin, component } = node;
    if (origin.type === "archive") {
      const path = `sources/${component}/${origin.file}`;
      files.push({ path, from: downloadPath(context.cacheDir, origin.sha256), sha256: origin.sha256 });
      add(paths, component, path);
    } else if (origin.type === "git") {
      const tree = join(work, `git-${String(files.length)}`);
      const repository = gitRepository(context.cacheDir, origin.url);
      const checked = await checkoutGit(repository, origin.commit, tree, context);
      if (!checked.ok) return checked;
      const name = `${component}-${origin.commit}`;
      const archive = `${tree}.tar.gz`;
      await packTree(tree, name, planned.plan.epoch, archive);
      const path = `sources/${component}/${name}.tar.gz`;
      files.push({ path, from: archive });
      add(paths, component, path);
      add(trees, component, tree);
    }
  }
  return ok({ files, paths, trees });
}

async function packTree(tree: string, name: string, epoch: number, archive: string): Promise<void> {
  const names = [...walkTree(tree)]
    .flatMap(({ path, type }) => (type === "file" || type === "link" ? [path] : []))
    .sort(byBytes);
  await create(
    {
      file: archive,
      cwd: tree,
      prefix: name,
      gzip: { level: 9 },
      portable: true,
      noDirRecurse: true,
      mtime: new Date(epoch * 1000),
      strict: true,
      onWriteEntry: ({ stat }) => {
        if (stat) stat.mode = (stat.mode & 0o100) === 0 ? 0o644 : 0o755;
      },
    },
    names,
  );
  await chmod(archive, 0o644);
}

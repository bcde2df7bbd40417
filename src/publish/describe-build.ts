import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltTarget } from "../build/build-target.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { compiledOutput, parseCompiled } from "../sbom/compiled-list.ts";
import { findLinked } from "../sbom/find-linked.ts";
import { linkedLibrary, type LinkedLibrary } from "../sbom/linked-library.ts";
import type { SbomInput } from "../sbom/sbom-input.ts";

export type BuildDescription = Pick<SbomInput, "described" | "linked" | "compiled" | "patches">;

/**
 * What an SBOM says that no manifest has: from the recipes, from lists that components made of themselves, and from
 * looking into the programs that were built.
 * @param rootTree host folder of an unpacked root by its name
 */
export function describeBuild(
  { now, nodes }: BuiltTarget,
  rootTree: (root: string) => string,
): Result<BuildDescription> {
  const { plan, checked } = now.planned;
  const outputs = new Map(nodes.map(({ node, path }) => [node, path]));
  const failures: Failure[] = [];
  const linked = new Map<string, LinkedLibrary[]>();
  const compiled = new Map<string, string[]>();
  for (const name of checked.components.keys()) {
    const output = outputs.get(name);
    const root = plan.nodes.find(({ id }) => id === name)?.root;
    if (output === undefined || root === undefined) continue;
    const list = join(output, compiledOutput);
    if (existsSync(list)) compiled.set(name, parseCompiled(readFileSync(list, "utf8")));
    for (const evidence of findLinked(output, rootTree(root))) {
      const library = linkedLibrary(evidence, now.lock.roots[root]?.packages ?? []);
      if (library) linked.set(name, [...(linked.get(name) ?? []), library]);
      else
        failures.push({
          code: "NVLAB_RELEASE",
          message: `'${name}' is linked statically with a ${evidence.library === "c" ? "C library" : "library of the compiler"} for ${evidence.architecture} that is no package of the root '${root}'`,
          hint: "link it with the libraries of the locked root: nobody could say what is in it",
        });
    }
  }
  if (failures.length > 0) return failed(...failures);
  const described = [...checked.components].map(([name, { recipe }]) => {
    const { summary, homepage } = recipe;
    return [name, { summary, ...(homepage !== undefined && { homepage }) }] as const;
  });
  const patches = plan.nodes
    .flatMap((node) => (node.kind === "patched" ? node.patches : []))
    .map(({ path, absolute }) => [path, readFileSync(absolute, "utf8")] as const);
  return ok({ described: new Map(described), linked, compiled, patches: new Map(patches) });
}

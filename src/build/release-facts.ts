import { nvlinkFusion } from "../contract/generated.ts";
import { formatVersion } from "../contract/version.ts";
import type { Lock, LockedPackage } from "../lock/lock.ts";
import type { PlanNode, SourceNode } from "../plan/node.ts";
import type { Project } from "../recipe/project.ts";
import type { ChangeFacts, ComponentFacts, ReleaseFacts, SourceFacts } from "../release/facts.ts";
import type { Commit } from "./commit.ts";
import type { PlannedTarget } from "./planner/plan-target.ts";
import type { ResolvedComponent } from "./planner/resolve-component.ts";

export interface FactsRequest {
  readonly project: Project;
  readonly planned: PlannedTarget;
  readonly lock: Lock;
  /** Hexadecimal SHA-256 of the lock's content. */
  readonly lockDigest: string;
  readonly commit: Commit;
  readonly releaseVersion?: string;
  readonly incremental: boolean;
}

/** What the manifest says beside its artifacts, from the plan and the lock alone. */
export function releaseFacts(request: FactsRequest): ReleaseFacts {
  const { project, planned, lock, commit } = request;
  const { plan, checked } = planned;
  const root = checked.target.value.root;
  const packages = lock.roots[root]?.packages ?? [];
  return {
    project: { name: project.file.value.name, commit: commit.commit, dirty: commit.dirty },
    releaseVersion: request.releaseVersion ?? project.file.value.version,
    target: plan.target,
    epoch: plan.epoch,
    lock: request.lockDigest,
    toolchain: {
      root: plan.roots[root] ?? "",
      packages: packages.length,
      compiler: toolPackage(packages, /^gcc-[0-9]+-.*linux-gnu$|^gcc-.*linux-gnu$|^gcc(-[0-9]+)?$/),
      binutils: toolPackage(packages, /^binutils-.*linux-gnu$|^binutils$/),
    },
    ...contractFacts(plan.nodes),
    ...signingFacts(plan.nodes),
    incremental: request.incremental,
    components: [...checked.components.values()].map((component) => componentFacts(component, plan.nodes)),
  };
}

/** A step that names the contract is not done unless its tree keeps it. */
function contractFacts(nodes: readonly PlanNode[]): Pick<ReleaseFacts, "contract"> {
  const named = nodes.some(
    (node) => node.kind === "image" && node.deviceTree?.contract === nvlinkFusion.name,
  );
  const { name, version, sha256 } = nvlinkFusion;
  return named ? { contract: { name, version: formatVersion(version), sha256 } } : {};
}

function signingFacts(nodes: readonly PlanNode[]): Pick<ReleaseFacts, "signing"> {
  const signing = nodes.flatMap((node) => {
    if (node.kind !== "image" || !node.signing) return [];
    const { algorithm, sha256, development } = node.signing;
    return [{ image: node.id, algorithm, sha256, development }];
  });
  return signing.length > 0 ? { signing } : {};
}

/** The cross tool where there is one, else the native one. */
function toolPackage(packages: readonly LockedPackage[], name: RegExp) {
  const named = packages.filter((one) => name.test(one.name));
  const cross = named.find((one) => one.name.includes("riscv64")) ?? named[0];
  return cross ?? { name: "none", version: "0", architecture: "all", suite: "none" };
}

function componentFacts(component: ResolvedComponent, nodes: readonly PlanNode[]): ComponentFacts {
  const own = nodes.filter((node) => node.component === component.name);
  const patched = own.find((node) => node.kind === "patched");
  const { recipe } = component;
  return {
    name: component.name,
    version: lockedVersion(own) ?? recipe.version,
    license: recipe.license,
    ...(recipe.cpe !== undefined && { cpe: recipe.cpe }),
    parameters: component.parameters,
    sources: own.flatMap((node) => (node.kind === "source" ? [sourceFacts(node)] : [])),
    patches: (patched?.patches ?? []).map(({ path, sha256 }): ChangeFacts => ({ path, sha256 })),
    overlay: (patched?.overlay ?? []).map(({ to, file }): ChangeFacts => ({ path: to, sha256: file.sha256 })),
  };
}

/** What was locked may be a newer release of the recipe's track. */
function lockedVersion(nodes: readonly PlanNode[]): string | undefined {
  const main = nodes.find((node) => node.kind === "source" && node.id.endsWith("/source"));
  return main?.kind === "source" && main.origin.type !== "local" ? main.origin.version : undefined;
}

function sourceFacts(node: SourceNode): SourceFacts {
  const dash = node.id.indexOf("/source-");
  const name = dash < 0 ? "main" : node.id.slice(dash + "/source-".length);
  const { origin } = node;
  switch (origin.type) {
    case "archive":
      return {
        type: "archive",
        name,
        variant: origin.variant,
        file: origin.file,
        sha256: origin.sha256,
        places: [...(origin.pool === undefined ? [] : [origin.pool]), ...origin.urls],
      };
    case "git":
      return { type: "git", name, url: origin.url, commit: origin.commit, sha256: origin.tree };
    case "local":
      return { type: "local", name, sha256: origin.sha256 };
  }
}

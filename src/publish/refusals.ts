import type { Failure } from "../failure/failure.ts";
import type { ReleaseFacts } from "../release/facts.ts";
import { Project } from "../recipe/schema/project.ts";
import { isSpdxExpression } from "./spdx.ts";

export interface ReleaseConditions {
  readonly facts: ReleaseFacts;
  /** Files that differ from the commit, as git names them. */
  readonly changed: readonly string[];
  /** True where the release version was given on the command line. */
  readonly versionAsked: boolean;
  /** Whether nvlab's own recipes are used, and what was changed in its checkout. */
  readonly shipped: { readonly used: boolean; readonly changed: readonly string[] };
}

const mostNamed = 10;

/** Every reason why this must not become a release. Pure. */
export function refusalsOf(conditions: ReleaseConditions): Failure[] {
  const { facts, versionAsked } = conditions;
  return [
    ...uncommitted(conditions),
    ...wrongVersion(facts.releaseVersion, versionAsked),
    ...facts.components.flatMap(unfitComponent),
    ...unfitBuild(facts),
    ...(facts.signing ?? []).filter(({ development }) => development).map(developmentKey),
  ];
}

function uncommitted({ facts: { project }, changed, shipped }: ReleaseConditions): Failure[] {
  const failures: Failure[] = [];
  if (project.commit === null) {
    failures.push({
      code: "NVLAB_RELEASE_DIRTY",
      message: `the project ${project.name} is not in git: nobody could find these recipes again`,
      hint: "git init, and commit its files",
    });
  } else if (project.dirty) {
    failures.push({
      code: "NVLAB_RELEASE_DIRTY",
      message: `the project ${project.name} has files that are not as committed`,
      hint: "commit them, put them away (git stash -u), or name them in .gitignore",
      details: named(changed),
    });
  }
  if (shipped.used && shipped.changed.length > 0) {
    failures.push({
      code: "NVLAB_RELEASE_DIRTY",
      message: "the recipes that come with nvlab are not as they were committed",
      hint: "use an nvlab that was installed, or commit these files",
      details: named(shipped.changed),
    });
  }
  return failures;
}

function developmentKey({ image }: { readonly image: string }): Failure {
  return {
    code: "NVLAB_RELEASE_KEY",
    message: `${image} is signed with a development key, which says nothing about who made it`,
    hint: "give the key of this product: --fit-key NAME=FILE, or fit-keys in nvlab.yaml",
  };
}

function wrongVersion(version: string, asked: boolean): Failure[] {
  if (!isReleaseVersion(version)) {
    return [
      {
        code: "NVLAB_RELEASE_VERSION",
        message: `${JSON.stringify(version)} is no version of a release`,
        hint: "SemVer, as in 1.2.0",
      },
    ];
  }
  if (asked || !version.includes("-")) return [];
  return [
    {
      code: "NVLAB_RELEASE_VERSION",
      message: `nvlab.yaml still has the pre-release version ${version}`,
      hint: `set the version there, or say --release-version ${version} to release just that`,
    },
  ];
}

function unfitComponent({ name, license, sources }: ReleaseFacts["components"][number]): Failure[] {
  const failures: Failure[] = [];
  for (const source of sources) {
    if (source.type === "local") {
      failures.push({
        code: "NVLAB_RELEASE_SOURCE",
        message: `'${name}' is built from a local folder instead of its locked source`,
        hint: "leave --source out; put the changes into the project, as a patch or a new commit to lock",
      });
    } else if (!reachable(source)) {
      failures.push({
        code: "NVLAB_RELEASE_SOURCE",
        message: `the source ${name}/${source.name} has no place that anybody else can reach`,
        hint: "name an address on the network, or a mirror, in its recipe",
      });
    }
  }
  if (!isSpdxExpression(license)) {
    failures.push({
      code: "NVLAB_RELEASE_LICENCE",
      message: `the licence of '${name}' is no SPDX expression: ${license}`,
      hint: "write it as spdx.org/licenses has it, or as LicenseRef-NAME",
    });
  }
  return failures;
}

function unfitBuild({ incremental, toolchain }: ReleaseFacts): Failure[] {
  const failures: Failure[] = [];
  if (incremental) {
    failures.push({
      code: "NVLAB_RELEASE_SOURCE",
      message: "an incremental build keeps object files that nobody else has",
      hint: "leave --incremental out",
    });
  }
  if (toolchain.root === "" || toolchain.packages === 0) {
    failures.push({
      code: "NVLAB_RELEASE_SOURCE",
      message: "the toolchain is none that the lock names",
      hint: "let the target's root be one of recipes/roots, and run `nvlab lock`",
    });
  }
  return failures;
}

function reachable(source: ReleaseFacts["components"][number]["sources"][number]): boolean {
  switch (source.type) {
    case "local":
      return false;
    case "archive":
      return source.places.length > 0;
    case "git":
      return /^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(source.url);
  }
}

function named(files: readonly string[]): string[] {
  const rest = files.length - mostNamed;
  return [...files.slice(0, mostNamed), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function isReleaseVersion(version: string): boolean {
  return Project.shape.version.safeParse(version).success;
}

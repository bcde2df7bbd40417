import type { Manifest, ManifestComponent } from "../../release/manifest.ts";
import type { PlanNode, ScriptNode } from "../../plan/node.ts";
import type { FoundPackage } from "./source-package.ts";

export interface InstructionFacts {
  readonly manifest: Manifest;
  readonly nodes: readonly PlanNode[];
  /** Components whose source was left out on request. */
  readonly leftOut: readonly string[];
  readonly packages: readonly FoundPackage[];
  /** Whether an SBOM said which libraries were linked. */
  readonly librariesCertain: boolean;
  /** Whether the recipes and files are those of the manifest's commit. */
  readonly pinned: boolean;
}

/** README.md of a bundle: what it is, what is in it, what is not, and how to build with nvlab. */
export function readme(facts: InstructionFacts): string {
  const { manifest, leftOut, packages, librariesCertain, pinned } = facts;
  const { project, target, releaseVersion } = manifest;
  const lacking = packages.filter((one) => one.state === "lacking");
  return [
    `# Source of ${project.name} ${releaseVersion} for ${target}`,
    "",
    "This is the corresponding source of the images that `manifest.json` names by their digests: what they were",
    "compiled from, the changes that were made to it, and the scripts that controlled compilation.",
    "",
    "| | |",
    "| --- | --- |",
    "| `sources/` | original archives, as they were published |",
    "| `project/`, `nvlab/` | recipes, patches, files laid over sources, configurations, device trees, scripts |",
    "| `configs/` | the final configuration of each component that has one |",
    "| `debian/` | source packages of libraries that were linked statically |",
    "| `licenses/`, `licenses.md`, `licenses.csv` | licence texts, and a table of what is under which |",
    "| `BUILD.md` | every step of the build with its script and environment |",
    "| `nvlab.lock` | every tool of the build by its digest |",
    "| `SHA256SUMS` | digests of all this: `sha256sum -c SHA256SUMS` |",
    "",
    project.commit === null
      ? "The project's files are in no repository."
      : `The project's files are those of its commit ${project.commit}.`,
    ...(pinned
      ? []
      : [
          "The commit itself could not be read when this was put together: every patch and overlay file has the digest that the",
          "manifest names, but recipes and scripts are those that were there then.",
        ]),
    ...(project.dirty
      ? [
          "The build was made from files that differed from that commit; what the manifest names was compared with it.",
        ]
      : []),
    "",
    ...(leftOut.length === 0
      ? []
      : [`Left out on request, as their licences do not ask for their source: ${leftOut.join(", ")}.`, ""]),
    ...(librariesCertain
      ? []
      : [
          "There was no SBOM to say which libraries were linked statically: `debian/` has those of all that could have been.",
          "",
        ]),
    ...(lacking.length === 0
      ? []
      : [
          "## What is not here",
          "",
          ...lacking.map((one) => `- source package ${one.name} ${one.version}: ${one.why}`),
          "",
        ]),
    "## Building the images again",
    "",
    "With nvlab, on a 64-bit PC with Linux, from the folder `project/` (its recipes that come with nvlab are in `nvlab/`):",
    "",
    "```",
    "cp nvlab.lock project/",
    `nvlab -C project build ${target} --frozen`,
    "```",
    "",
    `The images then have the digests of \`manifest.json\`. Without nvlab, \`BUILD.md\` has each step as a shell script; the tools`,
    `are the Debian packages that \`nvlab.lock\` names, among them ${manifest.toolchain.compiler.name} ${manifest.toolchain.compiler.version}`,
    `and ${manifest.toolchain.binutils.name} ${manifest.toolchain.binutils.version}.`,
    "",
  ].join("\n");
}

/** BUILD.md: the whole build as a person would have to do it. */
export function buildInstructions({ manifest, nodes, leftOut }: InstructionFacts): string {
  const parts = manifest.components.map((component) =>
    leftOut.includes(component.name) ? `## ${component.name}\n\nLeft out.\n` : ofComponent(component, nodes),
  );
  const named = new Set(manifest.components.map(({ name }) => name));
  const images = nodes.filter((node): node is ScriptNode => isScript(node) && !named.has(node.component));
  return [
    `# Building ${manifest.target} ${manifest.releaseVersion}\n`,
    "Steps run with `bash -euo pipefail` in an empty folder /obj, as a user without rights, with the tools of the named root",
    `of \`nvlab.lock\` as /. The time of everything is SOURCE_DATE_EPOCH=${String(manifest.epoch)}. Sources are at /src, what is`,
    "needed of other steps at /in, files of the project at /project, generated files at /generated; outputs go to /out.\n",
    ...parts,
    ...images.map((node) => `## ${node.id}\n\n${step(node)}`),
  ].join("\n");
}

function ofComponent(component: ManifestComponent, nodes: readonly PlanNode[]): string {
  const { name, version, license, sources, patches, overlay } = component;
  const scripts = nodes.filter((node): node is ScriptNode => isScript(node) && node.component === name);
  const steps = [
    ...sources.map((source) => {
      const at = source.name === "main" ? "/src" : `/src-${source.name}`;
      const from = source.type === "archive" ? source.file : `the source '${source.name}'`;
      return `- unpack \`sources/${name}/\`: ${from}, to ${at}`;
    }),
    ...patches.map(({ path }) => `- apply \`${path}\` with \`patch -p1\``),
    ...(overlay.length > 0 ? [`- lay ${String(overlay.length)} files over it: ${fileList(overlay)}`] : []),
  ];
  return [
    `## ${name} ${version}`,
    "",
    `Licence: ${license}`,
    "",
    ...(steps.length > 0 ? [...steps, ""] : []),
    ...scripts.map((node) => `### ${node.id}\n\n${step(node)}`),
  ].join("\n");
}

const mostFiles = 20;

function fileList(files: readonly { readonly path: string }[]): string {
  const shown = files.slice(0, mostFiles).map(({ path }) => `\`${path}\``);
  return [...shown, ...(files.length > mostFiles ? ["…"] : [])].join(", ");
}

function isScript(node: PlanNode): node is ScriptNode {
  return node.kind === "config" || node.kind === "build" || node.kind === "image";
}

function step(node: ScriptNode): string {
  const environment = Object.entries(node.environment).map(([name, value]) => `${name}=${value}`);
  const inputs = node.inputs.map(
    ({ at, node: from, path }) => `- ${at}: of \`${from}\`${path ? `, ${path}` : ""}`,
  );
  const texts = Object.entries(node.texts).map(([name, text]) => `/generated/${name}:\n\n${fenced(text)}`);
  return [
    `Root: ${node.root}`,
    "",
    ...(inputs.length > 0 ? [...inputs, ""] : []),
    ...(environment.length > 0 ? [fenced(environment.join("\n")), ""] : []),
    ...texts,
    fenced(node.script),
    "",
  ].join("\n");
}

/** A code block that no line of its text can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/\n*$/, "")}\n${fence}\n`;
}

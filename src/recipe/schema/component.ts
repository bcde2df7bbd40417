import { z } from "zod";
import { Source } from "./source.ts";
import { Step } from "./step.ts";
import { EnvironmentName, EnvironmentValue, Name, OutputPath, ProjectPath, Version } from "./text.ts";

export const Parameter = z.strictObject({
  type: z.enum(["string", "integer", "boolean"]),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  values: z.array(z.union([z.string(), z.number()])).optional().describe("the only values allowed"),
  summary: z.string().optional(),
});
export type Parameter = z.output<typeof Parameter>;

const body = {
  summary: z.string().describe("one line for `nvlab list`"),
  version: Version,
  license: z.string().describe("SPDX expression"),
  cpe: z.string().startsWith("cpe:2.3:").optional(),
  homepage: z.url().optional(),
  root: Name.describe("the locked root in which the steps run"),
  needs: z.array(Name).describe("components whose outputs are seen at /in/<name>"),
  sources: z.record(Name, Source).describe("'main' is /src; any other NAME is /src-NAME"),
  files: z.array(ProjectPath).describe("files and folders of the project, seen at /project/<path>"),
  patches: z.array(ProjectPath).describe("folders with *.patch in order and files/ as an overlay"),
  parameters: z.record(EnvironmentName, Parameter),
  environment: z.record(EnvironmentName, EnvironmentValue),
  steps: z.array(Step).min(1),
  outputs: z.array(OutputPath).min(1).describe("files or folders below /out that have to be there"),
};

/** A whole recipe. */
export const ComponentRecipe = z.strictObject({
  name: Name,
  ...body,
  cpe: body.cpe,
  summary: body.summary.default(""),
  root: body.root.default("build"),
  needs: body.needs.default([]),
  sources: body.sources.default({}),
  files: body.files.default([]),
  patches: body.patches.default([]),
  parameters: body.parameters.default({}),
  environment: body.environment.default({}),
});
export type ComponentRecipe = z.output<typeof ComponentRecipe>;

/**
 * A project's change to a recipe from further below: what is named replaces; `environment`, `parameters` and
 * `sources` are merged by key; `files`, `patches`, `needs`, `outputs` and `fragments` are added.
 */
export const ComponentExtension = z.strictObject({
  name: Name,
  extends: Name,
  ...z.strictObject(body).partial().shape,
  fragments: z.array(ProjectPath).optional().describe("added behind the fragments of the kconfig step"),
});
export type ComponentExtension = z.output<typeof ComponentExtension>;

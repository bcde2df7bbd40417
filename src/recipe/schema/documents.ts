import { z } from "zod";
import { ComponentExtension, ComponentRecipe } from "./component.ts";
import { Project } from "./project.ts";
import { RootRecipe } from "./root.ts";
import { TargetExtension, TargetRecipe } from "./target.ts";

/** Every kind of YAML file that people write, with the schema that checks it. */
export const documents = {
  project: Project,
  component: z.union([ComponentRecipe, ComponentExtension]),
  target: z.union([TargetRecipe, TargetExtension]),
  root: RootRecipe,
} as const;

export type DocumentKind = keyof typeof documents;
export type DocumentOf<K extends DocumentKind> = z.output<(typeof documents)[K]>;

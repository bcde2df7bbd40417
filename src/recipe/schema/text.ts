import { z } from "zod";

/** Names of components, targets and roots: they become folder names and identifiers. */
export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.+-]*$/, "a name has lower-case letters, digits, '.', '+' and '-'")
  .refine((name) => name !== "constructor", "every object of JavaScript has a 'constructor' already")
  .max(64);

/** An unquoted 2026.10 is the number 2026.1, so a version has to be a string. */
export const Version = z.string({ error: 'a version is text: write it in quotes, as in "2026.10"' }).min(1);

/** A path below the folder of the project, with forward slashes. */
export const ProjectPath = z
  .string()
  .min(1)
  .refine(
    (path) => !path.startsWith("/") && !path.split("/").includes("..") && !path.includes("\0"),
    "a path is relative to the project and stays inside it",
  )
  .refine(
    (path) => !path.includes("//") && !path.split("/").includes("."),
    "a path is written without '.' and empty parts",
  );

/** A path below /out of a component. */
export const OutputPath = z
  .string()
  .regex(/^[A-Za-z0-9_+.-]+(\/[A-Za-z0-9_+.-]+)*$/, "an output is a relative path of plain characters")
  .refine((path) => !path.split("/").some((part) => part === ".." || part === "."), "no '.' or '..'");

/** `component/path`: an output of another component; or the name of an image of the same target. */
export const OutputReference = OutputPath;

/** An absolute path inside the guest. */
export const GuestPath = z
  .string()
  .regex(/^\/[^\s"\\]*$/, "an absolute path in the guest, without spaces or quotes")
  .refine((path) => !path.split("/").includes(".."), "no '..'");

/** Octal permission bits, quoted: "0755". */
export const Mode = z.string().regex(/^0?[0-7]{3,4}$/, 'an octal mode in quotes, as in "0755"');

/** No variable of a process can hold a NUL. */
export const EnvironmentValue = z.string().refine((text) => !text.includes("\0"), "a variable holds no NUL");

export const EnvironmentName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a variable has upper-case letters");

/** Name of the optional output in which a component says which files of its source tree were compiled. */
export const compiledOutput = "compiled-files";

/** A list of some ten thousand paths; a longer one is not read. */
const longest = 100_000;

/**
 * Reads that output: a path below the source tree a line. What is no plain relative path is left out: it was generated,
 * or lies outside the tree. Sorted by code units, each path once.
 */
export function parseCompiled(text: string): string[] {
  const paths = text
    .split("\n", longest)
    .filter((line) => /^[^/\s\p{Cc}][^\p{Cc}]*$/u.test(line) && !line.split("/").includes(".."));
  return [...new Set(paths)].sort();
}

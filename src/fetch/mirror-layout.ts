export const mirrorIndexName = "index.json";

/** Where the objects of a commit lie in a mirror. */
export function gitPackPath(commit: string): string {
  return `git/${commit}.pack`;
}

export const manifestName = "manifest.json";
export const checksumsName = "SHA256SUMS";

/** What nvlab itself lays beside the images, also after the manifest was written. */
export const companionFiles: ReadonlySet<string> = new Set([
  manifestName,
  checksumsName,
  "build-report.json",
  "test-results.json",
  "junit.xml",
  "bench.json",
]);

/** Folders of logs, whose contents nobody lists. */
export const companionFolders: ReadonlySet<string> = new Set(["logs"]);

/** True for a relative path of plain parts that cannot leave its folder, however it is joined. */
export function isSafePath(path: string): boolean {
  if (path === "" || path.includes("\0") || path.includes("\\")) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

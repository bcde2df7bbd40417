/**
 * The unpacked tree of one of this project's own roots. The global setup of the projects that need roots has
 * fetched them; a single test file may be run on a tree of one's own with NVLAB_TEST_ROOT.
 */
export function testRoot(name: "build" | "boot" | "check" | "vary" = "build"): Promise<string> {
  const tree =
    process.env[name === "build" ? "NVLAB_TEST_ROOT" : `NVLAB_TEST_${name.toUpperCase()}_ROOT`] ?? "";
  return tree === ""
    ? Promise.reject(new Error(`no ${name} root: the global setup of this test project did not run`))
    : Promise.resolve(tree);
}

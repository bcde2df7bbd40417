/**
 * One direction of imports: a folder may use the ones before it in this list, never the ones after it.
 * `failure` is the ground floor, `cli` the top one.
 */
const floors = [
  ["failure"],
  ["text"],
  ["sign"],
  ["report"],
  ["recipe"],
  ["device-tree"],
  ["contract"],
  ["lock"],
  ["plan"],
  ["fetch"],
  ["root"],
  ["store"],
  ["exec"],
  ["kconfig", "image", "module"],
  ["release"],
  ["attest", "sbom"],
  ["scan", "compare", "trust"],
  ["schemas", "build"],
  ["lab"],
  ["boot", "check"],
  ["reproduce", "archive"],
  ["publish"],
  ["cli"],
];

const upward = floors.slice(0, -1).map((floor, index) => ({
  name: `not-above-${floor.join("-")}`,
  severity: "error",
  comment: `src/${floor.join(", ")} may only use what lies below it`,
  from: { path: `^src/(${floor.join("|")})/` },
  to: {
    path: `^src/(${floors
      .slice(index + 1)
      .flat()
      .join("|")})/`,
  },
}));

/** The pure core: data in, data out. No clock, no process, no files, no terminal. */
const pure =
  "^src/(plan|kconfig|image|module|text|recipe/schema|build/planner|device-tree|contract/(check|generate|tree))/|^src/release/verify\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: "\\.d\\.ts$" }, to: {} },
    ...upward,
    {
      name: "pure-core",
      severity: "error",
      from: { path: pure },
      to: {
        path: "^(node:)?(fs|fs/promises|child_process|os|net|http|https|process|worker_threads)$|^execa$",
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "types"] },
  },
};

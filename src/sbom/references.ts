/** bom-refs: unique in an SBOM, and the same in every build. */
export const reference = {
  release: "release",
  artifact: (path: string): string => `artifact:${path}`,
  component: (name: string): string => `component:${name}`,
  upstream: (name: string): string => `upstream:${name}`,
  package: (root: string, name: string, architecture: string): string =>
    `root:${root}/${name}:${architecture}`,
};

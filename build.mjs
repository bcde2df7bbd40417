/**
 * Bundles src/main.ts and every command it imports dynamically into dist/. tsc checks, esbuild writes.
 *
 * Chunks carry their content's hash and main.js comes last by a rename, so that an nvlab which is running
 * meanwhile still finds the chunks it has not loaded yet. What no build of the last day made is removed.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const day = 24 * 60 * 60 * 1000;

/**
 * A CommonJS package imported dynamically would have a default export and nothing else. As Node does it, its
 * names are exported too: they are those that Node itself finds.
 */
const namedExports = {
  name: "named-exports",
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^[a-z@]/ }, ({ kind, path }) =>
      kind === "dynamic-import" && !builtinModules.includes(path.replace(/^node:/, ""))
        ? { path, namespace: "named-exports" }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "named-exports" }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
      return { contents: `export { ${names.join(", ")} } from ${JSON.stringify(path)};`, resolveDir: root };
    });
  },
};

const result = await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  chunkNames: "[name]-[hash]",
  sourcemap: "linked",
  sourcesContent: false,
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  // CommonJS dependencies (commander, yaml) call require for Node's own modules.
  banner: {
    js: 'import{createRequire as nvlabRequire}from"node:module";const require=nvlabRequire(import.meta.url);',
  },
  plugins: [namedExports],
  // What the CycloneDX library would write or check XML with, where it is installed: nobody asks for XML here.
  external: ["xmlbuilder2", "libxmljs2"],
  logLevel: "warning",
  write: false,
});

mkdirSync(dist, { recursive: true });
const last = (file) => (basename(file.path) === "main.js" ? 1 : 0);
const fresh = new Set();
for (const file of result.outputFiles.toSorted((a, b) => last(a) - last(b))) {
  const temporary = `${file.path}.${process.pid}`;
  writeFileSync(temporary, file.contents);
  renameSync(temporary, file.path);
  fresh.add(basename(file.path));
}
for (const name of readdirSync(dist)) {
  const path = join(dist, name);
  if (/\.js(\.map)?(\.\d+)?$/.test(name) && !fresh.has(name) && Date.now() - statSync(path).mtimeMs > day) {
    rmSync(path, { force: true });
  }
}

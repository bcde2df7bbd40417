"use strict";

const { existsSync, realpathSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

/** The folder of nvlab itself, through whatever link the launcher was called by. */
const home = realpathSync(join(__dirname, "..", ".."));

/** Compiles where it has to, and hands over to src/main.ts, in this process. */
exports.launch = async function launch() {
  const program = programFolder();
  if (program === undefined) {
    process.exitCode = 1;
    return;
  }
  const { main } = await import(pathToFileURL(join(program, "dist", "main.js")).href);
  await main(home);
};

/** Where a current dist/ lies; undefined where there is none and none could be made (said on stderr). */
function programFolder() {
  // npm never publishes package-lock.json: what has none came compiled, from the registry.
  if (!existsSync(join(home, "package-lock.json"))) return home;
  const { isCurrent } = require("./stamp.js");
  if (isCurrent(home)) return home;
  return require("./compile.js").compile(home);
}

"use strict";

const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { accessSync, constants, cpSync, existsSync, mkdirSync, readFileSync, rmSync } = require("node:fs");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { locked } = require("./lock.js");
const { giveToOwner } = require("./owner.js");
const { inputs, isCurrent, takeStamp, writeStamp } = require("./stamp.js");

const say = (text) => process.stderr.write(`nvlab: ${text}\n`);

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** As src/cli/environment.ts has it, which is not compiled yet. */
function cacheFolder(environment) {
  if (environment.NVLAB_CACHE_DIR) return environment.NVLAB_CACHE_DIR;
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "nvlab");
}

/**
 * Installs what is missing, compiles, and gives the folder that now has a current dist/: `home`, or one in the
 * cache where `home` can't be written. Undefined after a failure, which has then been said.
 */
exports.compile = function compile(home) {
  const own = isWritable(home);
  const key = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const place = own ? home : join(cacheFolder(process.env), "program", key);
  if (!own && isCurrent(place, home)) return place;
  try {
    return locked(
      join(place, "dist", "lock"),
      () => say("waiting for another nvlab that is compiling"),
      () => compileIn(place, home),
    );
  } catch (error) {
    if (error.code === undefined) throw error;
    say(`cannot compile in ${place}: ${error.message}`);
    return undefined;
  }
};

function compileIn(place, home) {
  if (isCurrent(place, home)) return place;
  const stamp = takeStamp(home);
  if (place !== home) {
    for (const name of [...inputs, "package.json"]) {
      rmSync(join(place, name), { recursive: true, force: true });
      cpSync(join(home, name), join(place, name), { recursive: true });
    }
  }
  if (!isInstalled(place) && !install(place)) return undefined;
  say(`compiling itself${place === home ? "" : ` into ${place}`}`);
  const { status } = spawnSync(process.execPath, ["build.mjs"], { cwd: place, stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    say(`could not be compiled; mend what is said above, in ${home}`);
    return undefined;
  }
  writeStamp(place, stamp);
  if (place === home) giveToOwner(home, ["dist"]);
  return place;
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. */
function isInstalled(place) {
  const packages = (path) => JSON.parse(readFileSync(join(place, path), "utf8")).packages;
  const record = "node_modules/.package-lock.json";
  if (!existsSync(join(place, record))) return false;
  try {
    const installed = packages(record);
    return Object.entries(packages("package-lock.json")).every(
      ([path, wanted]) => path === "" || wanted.optional || installed[path]?.integrity === wanted.integrity,
    );
  } catch {
    return false;
  }
}

function install(place) {
  say("installing its npm packages");
  mkdirSync(join(place, "node_modules"), { recursive: true });
  const options = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const run = (command, before) =>
    spawnSync(command, [...before, ...options], { cwd: place, stdio: ["ignore", "ignore", 2] });
  let result = run("npm", []);
  if (result.error?.code === "ENOENT") {
    // A Node that is called by its path brings an npm which PATH does not know.
    const beside = join(process.execPath, "..", "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
    if (existsSync(beside)) result = run(process.execPath, [beside]);
  }
  if (result.error?.code === "ENOENT") {
    say(
      "npm is not installed; it is needed once, for the packages of package-lock.json (Debian: apt install npm)",
    );
    return false;
  }
  if (result.status !== 0) {
    say(
      `\`npm ci\` failed in ${place}: is the npm registry reachable? Mend what npm says above and try again; ` +
        "behind a proxy, set it with `npm config set proxy URL`",
    );
    return false;
  }
  giveToOwner(place, ["node_modules"]);
  return true;
}

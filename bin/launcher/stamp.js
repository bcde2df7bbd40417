"use strict";

const { createHash } = require("node:crypto");
const {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} = require("node:fs");
const { join } = require("node:path");

/** What the compiled program is made from. */
const inputs = ["src", "build.mjs", "package-lock.json", "tsconfig.json"];

const stampPath = (root) => join(root, "dist", "stamp.json");

/** Every input file's size and time, cheap enough for each start: {path: "size:mtime"}. */
function look(root) {
  const seen = {};
  const visit = (path) => {
    const status = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (status.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else {
      seen[path] = `${status.size}:${status.mtimeMs}`;
    }
  };
  inputs.forEach(visit);
  return seen;
}

const digest = (root, path) =>
  createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");

/** The inputs as they are now: {path: ["size:mtime", sha256]}. Take it before compiling, write it after. */
function takeStamp(root) {
  return Object.fromEntries(
    Object.entries(look(root)).map(([path, status]) => [path, [status, digest(root, path)]]),
  );
}

function writeStamp(root, stamp) {
  mkdirSync(join(root, "dist"), { recursive: true });
  const temporary = `${stampPath(root)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(stamp));
  renameSync(temporary, stampPath(root));
}

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampPath(root), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Whether dist/ was made from the files of `sources` (a checkout that cannot be written is compiled
 * elsewhere: then `root` is that place). A file that is only newer, as after a checkout, is compared by content.
 */
function isCurrent(root, sources = root) {
  const stamp = readStamp(root);
  // Without packages the program would run, and `npm test` behind it would not.
  if (stamp === undefined || !existsSync(join(root, "node_modules"))) return false;
  const seen = look(sources);
  const paths = Object.keys(seen);
  if (paths.length !== Object.keys(stamp).length) return false;
  let touched = false;
  for (const path of paths) {
    const known = stamp[path];
    if (known === undefined) return false;
    if (known[0] === seen[path]) continue;
    if (digest(sources, path) !== known[1]) return false;
    known[0] = seen[path];
    touched = true;
  }
  if (touched) {
    try {
      writeStamp(root, stamp);
    } catch {
      // A folder that cannot be written: the contents are compared again next time.
    }
  }
  return true;
}

module.exports = { inputs, isCurrent, takeStamp, writeStamp };

"use strict";

const { lchownSync, lstatSync, readdirSync } = require("node:fs");
const { join } = require("node:path");

/** As root in somebody's clone: what was just made belongs to that person, who could not remove it otherwise. */
exports.giveToOwner = function giveToOwner(home, names) {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = lstatSync(home);
  if (uid === 0) return;
  const visit = (path) => {
    lchownSync(path, uid, gid);
    if (!lstatSync(path).isDirectory()) return;
    for (const name of readdirSync(path)) visit(join(path, name));
  };
  try {
    for (const name of names) visit(join(home, name));
  } catch (error) {
    // A file system that forbids it (NFS with root_squash): the work itself is done.
    if (error.code !== "EPERM" && error.code !== "EINVAL") throw error;
  }
};

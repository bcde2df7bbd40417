"use strict";

const { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } = require("node:fs");
const { hostname } = require("node:os");
const { dirname } = require("node:path");

/** When the process began, in clock ticks since boot: a process id is used again, this pair is not. */
function startOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

const mine = () => `${hostname()} ${process.pid} ${startOf(process.pid)}`;

/** Whether the holder is gone. A holder on another host can't be seen: it counts as alive. */
function isStale(text) {
  const [host, pid, start] = text.split(" ");
  return host === hostname() && startOf(pid) !== start;
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function tryTake(path) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, mine());
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/**
 * Runs `work` while no other process does, waiting for one that does (`onWait` is called once). A lock whose
 * holder was killed is set aside. Throws what opening the file throws, as EROFS or EACCES.
 */
exports.locked = function locked(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let waited = false;
  for (let empty = 0; !tryTake(path);) {
    const holder = read(path);
    // An empty lock is one whose holder has just made it, or was killed at that very moment.
    empty = holder === "" ? empty + 1 : 0;
    if (holder !== undefined && (holder === "" ? empty > 20 : isStale(holder))) {
      const aside = `${path}.${process.pid}`;
      try {
        renameSync(path, aside);
        rmSync(aside, { force: true });
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
      }
      continue;
    }
    if (!waited) onWait();
    waited = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
};

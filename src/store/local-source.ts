import { lstatSync, readlinkSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { LocalSource } from "../plan/node.ts";
import { byBytes } from "./by-bytes.ts";
import { gitFiles } from "./git-files.ts";
import { sha256OfFile, sha256OfText } from "./hash-file.ts";
import { type DigestRow, treeDigest } from "./output-digest.ts";
import { openStatCache, type StatCache } from "./stat-cache.ts";
import { storeFailure } from "./store-failure.ts";
import { takingTurns } from "./turn.ts";
import { isExecutable, walkTree } from "./walk-tree.ts";

export { materialiseLocal } from "./materialise-local.ts";

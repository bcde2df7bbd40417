/** A process of its own that runs a command in a sandbox: run|shell ROOT OBJ COMMAND… */
import { join } from "node:path";
import { runInteractive } from "../../src/exec/run-interactive.ts";
import { runSandboxed } from "../../src/exec/run-sandboxed.ts";

const [mode, root = "", obj = "", ...command] = process.argv.slice(2);
const run = {
  root,
  mounts: [{ host: obj, at: "/obj", writable: true }],
  environment: { PATH: "/usr/bin" },
  command,
  cwd: "/obj",
};
const result =
  mode === "shell"
    ? await runInteractive(run, { term: "vt100" })
    : await runSandboxed(run, { log: join(obj, "child.log") });
console.log(JSON.stringify(result));

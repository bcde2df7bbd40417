import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createJobserver, jobserverMakeflags } from "../../../src/exec/jobserver.ts";
import type { Jobserver } from "../../../src/exec/jobserver.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { testRoot } from "../../support/root.ts";

const tokens = 3;
/** Two levels of make; each job notes when it began and when it ended. */
const makefile = `
all: $(foreach n,1 2 3 4 5 6 7 8,job$n)
	@+$(MAKE) -f /src/Makefile again
again: $(foreach n,1 2 3 4 5 6 7 8,more$n)
job% more%:
	@echo "$$(date +%s%N) 1" >> /obj/jobs; sleep 0.05; echo "$$(date +%s%N) -1" >> /obj/jobs
forever: job1 job2 job3
	@sleep 100
flags:
	@echo "$(filter -j%,$(MAKEFLAGS))"
`;

let root: string;
let folder: string;
let jobserver: Jobserver;

beforeAll(async () => {
  root = await testRoot();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-jobs-"));
  for (const name of ["src", "obj"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "src", "Makefile"), makefile);
  const made = await createJobserver({ tokens, directory: folder });
  if (!made.ok) throw new Error(made.failures[0]?.message);
  jobserver = made.value;
});
afterEach(async () => {
  await jobserver.close();
  rmSync(folder, { recursive: true });
});

async function make(name: string, target: string, signal?: AbortSignal): Promise<string> {
  const release = await jobserver.acquire();
  const log = join(folder, `${name}.log`);
  await runSandboxed(
    {
      root,
      mounts: [
        { host: join(folder, "src"), at: "/src", writable: false },
        { host: join(folder, "obj"), at: "/obj", writable: true },
        jobserver.mount,
      ],
      environment: { PATH: "/usr/bin", MAKEFLAGS: jobserverMakeflags },
      command: ["/usr/bin/make", "--no-print-directory", "-f", "/src/Makefile", target],
      cwd: "/obj",
    },
    { log, ...(signal === undefined ? {} : { signal }) },
  );
  release?.();
  return readFileSync(log, "utf8");
}

function mostAtOnce(): number {
  const changes = readFileSync(join(folder, "obj", "jobs"), "utf8")
    .trim()
    .split("\n");
  let [now, most] = [0, 0];
  for (const change of changes.sort()) {
    now += Number(change.split(" ")[1]);
    most = Math.max(most, now);
  }
  return most;
}

function tokensLeft(): number {
  const fifo = openSync(jobserver.mount.host, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    return readSync(fifo, Buffer.alloc(100), 0, 100, null);
  } finally {
    closeSync(fifo);
  }
}

describe("makes in two sandboxes on one jobserver", () => {
  it("run as many jobs at once as there are tokens, never more, and say nothing about it", async () => {
    const logs = await Promise.all([make("one", "all"), make("two", "all")]);
    expect(logs).toEqual(["", ""]);
    expect(mostAtOnce()).toBe(tokens);
    expect(tokensLeft()).toBe(tokens);
  });

  it("leave all tokens there when one of them is killed in its work", async () => {
    const killed = make("killed", "forever", AbortSignal.timeout(80));
    expect(await Promise.all([killed, make("other", "all")])).toEqual(["", ""]);
    expect(tokensLeft()).toBe(tokens);
  });

  it("see the same number of jobs on every machine", async () => {
    expect(await make("flags", "flags")).toBe("-j1\n");
  });
});

import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createJobserver } from "../../../src/exec/jobserver.ts";
import type { Jobserver } from "../../../src/exec/jobserver.ts";

let directory: string;
let jobserver: Jobserver;
let client: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "nvlab-jobserver-"));
  const made = await createJobserver({ tokens: 3, directory });
  if (!made.ok) throw new Error(made.failures[0]?.message);
  jobserver = made.value;
  client = openSync(jobserver.mount.host, constants.O_RDWR | constants.O_NONBLOCK);
});

afterEach(async () => {
  closeSync(client);
  await jobserver.close();
  rmSync(directory, { recursive: true });
});

/** Takes tokens as a make does. */
function takeAll(): number {
  try {
    return readSync(client, Buffer.alloc(100), 0, 100, null);
  } catch {
    return 0;
  }
}

describe("the jobserver", () => {
  it("holds as many tokens as it was given, for its own steps and for make alike", async () => {
    const release = await jobserver.acquire();
    expect(takeAll()).toBe(2);
    writeSync(client, "++");
    release?.();
    expect(takeAll()).toBe(3);
  });

  it("waits for a token until make gives one back", async () => {
    expect(takeAll()).toBe(3);
    const waiting = jobserver.acquire();
    setTimeout(() => writeSync(client, "+"), 20);
    expect(await waiting).toBeTypeOf("function");
  });

  it("gives up waiting when aborted", async () => {
    takeAll();
    expect(await jobserver.acquire(AbortSignal.timeout(10))).toBeUndefined();
    expect(await jobserver.acquire(AbortSignal.abort())).toBeUndefined();
  });

  it("gives a token back only once", async () => {
    const [first, second] = [await jobserver.acquire(), await jobserver.acquire()];
    first?.();
    first?.();
    expect(takeAll()).toBe(2);
    writeSync(client, "++");
    second?.();
  });

  it("puts back what a killed make took with it, as soon as no step runs", async () => {
    const release = await jobserver.acquire();
    expect(takeAll()).toBe(2);
    release?.();
    expect(takeAll()).toBe(3);
  });

  it("takes away what a broken make gave too much", async () => {
    const release = await jobserver.acquire();
    writeSync(client, "+++++");
    release?.();
    expect(takeAll()).toBe(3);
  });

  it("replaces the FIFO of a build that was killed, and removes its own", async () => {
    await jobserver.close();
    expect(existsSync(jobserver.mount.host)).toBe(false);
    const first = await createJobserver({ tokens: 1, directory });
    const second = await createJobserver({ tokens: 1, directory });
    if (!first.ok || !second.ok) throw new Error("not made");
    jobserver = second.value;
    expect(await second.value.acquire()).toBeTypeOf("function");
  });

  it("fails as a value where no FIFO can be made", async () => {
    const made = await createJobserver({ tokens: 1, directory: "/dev/null/nowhere" });
    expect(made).toMatchObject({ ok: false, failures: [{ code: "NVLAB_STORE" }] });
  });
});

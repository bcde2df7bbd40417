import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { diskFailure } from "../../../src/fetch/disk-failure.ts";
import { receive } from "../../../src/fetch/receive.ts";

test("a disk that is full while receiving is the failure of a full disk", async () => {
  const body = Readable.from([Buffer.alloc(100_000)]);
  const { signal } = new AbortController();
  const error: unknown = await receive(body, "/dev/full", 0, 1e6, signal, () => undefined).catch(
    (fault: unknown) => fault,
  );
  expect(diskFailure(error, "/cache")).toMatchObject({ code: "NVLAB_DISK_FULL" });
});

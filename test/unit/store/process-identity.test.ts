import { describe, expect, test } from "vitest";
import { livenessOf, ownedName, ownerOf, ownIdentity } from "../../../src/store/process-identity.ts";

describe("the owner of a file in the cache", () => {
  test("is read from its name, whatever ending that has", () => {
    expect(ownerOf(ownedName())).toEqual(ownIdentity());
    expect(ownerOf(`${ownedName()}.lock`)).toEqual(ownIdentity());
    expect(ownedName()).not.toBe(ownedName());
  });

  test("is unknown where another program gave the name", () => {
    expect(ownerOf("apt-Xy12ab")).toBeUndefined();
    expect(ownerOf(`altered-${ownedName()}`)).toBeUndefined();
  });

  test("is alive while it runs", () => {
    expect(livenessOf(ownIdentity())).toBe("alive");
  });

  test("is dead where another process has its number now, or none", () => {
    expect(livenessOf({ ...ownIdentity(), start: "1" })).toBe("dead");
    expect(livenessOf({ ...ownIdentity(), pid: 2 ** 22 + 1 })).toBe("dead");
  });

  test("cannot be asked where it belongs to another boot, machine or container", () => {
    expect(livenessOf({ ...ownIdentity(), boot: "0" })).toBe("foreign");
    expect(livenessOf({ ...ownIdentity(), namespace: "1" })).toBe("foreign");
  });
});

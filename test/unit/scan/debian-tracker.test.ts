import { describe, expect, it } from "vitest";
import { find, told } from "./find.ts";
import { sampleInventory } from "./sample.ts";

const inventory = sampleInventory();

function tracker(source: string, releases: Readonly<Record<string, object>>): object {
  return { [source]: { "CVE-2026-1000": { description: "what it is", scope: "local", releases } } };
}

const open = { status: "open", repositories: { trixie: "2.41-12" }, urgency: "not yet assigned" };
const fixedIn = (fixed_version: string) => ({
  status: "resolved",
  fixed_version,
  urgency: "medium**",
  repositories: {},
});

describe("Debian's tracker", () => {
  it("concerns packages of a release by the version of their source", () => {
    expect(told(tracker("glibc", { trixie: open }), inventory)).toEqual(["CVE-2026-1000 glibc affected"]);
    expect(told(tracker("glibc", { trixie: fixedIn("2.41-13") }), inventory)).toEqual([
      "CVE-2026-1000 glibc affected",
    ]);
    expect(told(tracker("glibc", { trixie: fixedIn("2.41-12") }), inventory)).toEqual([]);
    expect(told(tracker("glibc", { trixie: fixedIn("0") }), inventory)).toEqual([]);
    expect(told(tracker("glibc", { bookworm: open, trixie: fixedIn("2.40-1") }), inventory)).toEqual([]);
    expect(told(tracker("glibc", { trixie: { ...open, status: "undetermined" } }), inventory)).toEqual([
      "CVE-2026-1000 glibc undecided",
    ]);
  });

  it("rates by urgency, and links to its page", () => {
    const [found] = find(tracker("glibc", { trixie: fixedIn("2.41-13") }), inventory);
    expect(found).toMatchObject({ severity: { level: "medium" }, fixed: "2.41-13", summary: "what it is" });
    expect(found?.url).toMatch(/\/tracker\/CVE-2026-1000$/);
  });

  it("concerns upstream's own sources by the newest release", () => {
    const sid = (fixed: string) => told(tracker("linux", { bookworm: open, sid: fixedIn(fixed) }), inventory);
    expect(sid("6.18.20-1")).toEqual(["CVE-2026-1000 linux affected"]);
    expect(sid("6.18.15-1")).toEqual([]);
    expect(sid("6.18~rc3-1~exp1")).toEqual([]);
    expect(sid("6.12.3-2")).toEqual([]);
    expect(told(tracker("linux", { bookworm: fixedIn("6.1.5-1"), sid: open }), inventory)).toEqual([
      "CVE-2026-1000 linux affected",
    ]);
  });

  it("leaves open whether a fix in a later revision is a patch of Debian's", () => {
    const sid = (fixed: string) => told(tracker("busybox", { sid: fixedIn(fixed) }), inventory);
    expect(sid("1:1.37.0-7")).toEqual(["CVE-2026-1000 busybox undecided"]);
    expect(sid("1:1.37.0-1")).toEqual([]);
    expect(sid("1:1.36.1-9")).toEqual([]);
  });

  it("takes no package of another kind for Debian's", () => {
    const gcc = tracker("gcc-14", { sid: open });
    expect(told(gcc, inventory)).toEqual([]);
  });
});

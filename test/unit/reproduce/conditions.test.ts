import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../../src/reproduce/conditions.ts";
import { insideVariation } from "../../../src/reproduce/inside.ts";
import { parseVary } from "../../../src/reproduce/parse-vary.ts";
import type { Choice } from "../../../src/reproduce/variation.ts";

const tools = {
  sandbox: "/build",
  vary: "/vary",
  fileOrder: "/tools/file-order.so",
  locales: "/tools/locales",
};

function choose(text: string): Choice {
  const choice = parseVary([text]);
  if (!choice.ok) throw new Error(text);
  return choice.value;
}

describe("conditionsOf", () => {
  it("gives both rebuilds the same where nothing is varied", () => {
    const [first, second] = (["first", "second"] as const).map((label) =>
      conditionsOf(label, choose("-all"), [0, 1]),
    );
    expect({ ...second, label: "" }).toEqual({ ...first, label: "" });
  });

  it.each([
    ...["environment", "build_path", "kernel", "aslr", "num_cpus", "time", "user_group", "fileordering"],
    ...["domain_host", "home", "locales", "exec_path", "timezone", "umask"],
  ])("gives the rebuilds one other value where %s alone is varied", (name) => {
    const choice = choose(`-all,+${name}`);
    const [first, second] = (["first", "second"] as const).map((label) =>
      conditionsOf(label, choice, [0, 1]),
    );
    const differing = Object.keys(first ?? {}).filter(
      (key) => JSON.stringify(first?.[key as "label"]) !== JSON.stringify(second?.[key as "label"]),
    );
    expect(differing).toHaveLength(2);
    expect(differing).toContain("label");
  });

  it("has a path that is at least 60 characters longer in the second rebuild", () => {
    const [first, second] = (["first", "second"] as const).map((label) =>
      conditionsOf(label, choose("+all"), [0]),
    );
    expect((second?.folder.length ?? 0) - (first?.folder.length ?? 0)).toBeGreaterThanOrEqual(60);
  });

  it("cannot vary the CPUs of a machine that has one", () => {
    expect(conditionsOf("second", choose("+all"), [3]).cpus).toBeUndefined();
    expect(conditionsOf("second", choose("+all"), [3, 5]).cpus).toBe("3");
  });
});

describe("insideVariation", () => {
  const second = (text: string) =>
    insideVariation(conditionsOf("second", choose(text), [0, 1]), tools, choose(text));

  it("leaves user, host, home, path and environment of the sandbox alone", () => {
    const { user, hostname, places, environment } = second("+all");
    expect({ user, hostname, places }).toEqual({ user: undefined, hostname: undefined, places: undefined });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["HOME"]));
    expect(environment).not.toHaveProperty("PATH");
    expect(environment).not.toHaveProperty("NVLAB_VARIED_ENVIRONMENT");
  });

  it("varies them too as a diagnosis", () => {
    const { user, hostname, places, environment } = second("+inside-fixed");
    expect(user).toEqual({ uid: 12345, gid: 54321 });
    expect(hostname).toMatch(/^varied-host\./);
    expect(places).toMatch(/^\/second-/);
    expect(environment).toMatchObject({ HOME: "/tmp/home-of-second" });
    expect(environment).toHaveProperty("NVLAB_VARIED_ENVIRONMENT");
  });

  it("preloads clock and file order in one variable, and mounts only what is used", () => {
    expect(second("-all,+time,+fileordering").environment.LD_PRELOAD).toBe(
      "/run/vary/libfaketime.so.1:/run/vary/file-order.so",
    );
    expect(second("-all,+umask")).toEqual({ mounts: [], environment: {}, umask: "0002" });
    expect(second("-all,+time").mounts.map(({ at, writable }) => [at, writable])).toEqual([
      ["/run/vary/libfaketime.so.1", false],
    ]);
  });

  it("does nothing for which there is no tool", () => {
    const none = { sandbox: "/build", vary: undefined, fileOrder: undefined, locales: undefined };
    const choice = choose("-all,+time,+fileordering,+locales");
    expect(insideVariation(conditionsOf("second", choice, [0, 1]), none, choice)).toEqual({
      mounts: [],
      environment: {},
    });
  });
});

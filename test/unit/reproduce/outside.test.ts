import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../../src/reproduce/conditions.ts";
import { nodeLoaders, outsideInvocation } from "../../../src/reproduce/outside.ts";
import { parseVary } from "../../../src/reproduce/parse-vary.ts";

function argsFor(text: string, disorderfs = false): readonly string[] {
  const choice = parseVary([text]);
  if (!choice.ok) throw new Error(text);
  return outsideInvocation({
    conditions: conditionsOf("second", choice.value, [0, 1]),
    tools: { sandbox: "/build", vary: "/vary", fileOrder: "/tools/file-order.so", locales: undefined },
    folders: { backing: "/place/back", seen: "/place/seen", project: "/project", home: "/nvlab" },
    path: "/usr/bin:/bin",
    node: "/usr/bin/node",
    way: { disorderfs, loader: nodeLoaders("/vary")[0] },
    args: ["main.js"],
  }).args;
}

describe("outsideInvocation", () => {
  it("starts Node and nothing else where nothing is varied", () => {
    const args = argsFor("-all");
    const behind = args.slice(args.indexOf("sh") + 1);
    expect(behind).toEqual(["/usr/bin/node", "main.js"]);
    expect(args).not.toContain("--uid");
    expect(args).not.toContain("--unshare-uts");
    expect(args).toContain("--die-with-parent");
  });

  it("gives a user, a host name, a personality and one CPU", () => {
    const args = argsFor("+all").join(" ");
    expect(args).toContain("--uid 12345 --gid 54321");
    expect(args).toContain("--unshare-uts --hostname varied-host.varied-domain.example");
    expect(args).toContain("/vary/usr/bin/setarch x86_64 --uname-2.6 --addr-no-randomize");
    expect(args).toContain("/vary/usr/bin/taskset --cpu-list 0");
    expect(args).toContain("umask 0002");
  });

  it("preloads by the loader, so that programs of the host are spared", () => {
    const args = argsFor("-all,+time,+fileordering");
    const at = args.indexOf("--preload");
    expect(args[at + 1]).toBe(
      "/vary/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 /tools/file-order.so",
    );
    expect(args).not.toContain("LD_PRELOAD");
    expect(args.join(" ")).toContain("--setenv FAKETIME +400d");
  });

  it("puts files on disorderfs in place of preloading, and drops the right to mount it before Node", () => {
    const args = argsFor("-all,+fileordering", true);
    const script = args[args.indexOf("-c") + 1] ?? "";
    expect(args).toContain("CAP_SYS_ADMIN");
    expect(args).not.toContain("--preload");
    expect(args.join(" ")).toContain("--bind /project /place/back/project --bind /nvlab /place/back/nvlab");
    expect(script).toMatch(
      /--pdeathsig KILL .*disorderfs .*--shuffle-dirents=yes \/place\/back \/place\/seen/,
    );
    expect(script).toMatch(/cd '?\/place\/seen\/project'?.*exec .*--ambient-caps=-all "\$@"$/s);
    expect(argsFor("-all,+fileordering")).not.toContain("CAP_SYS_ADMIN");
  });

  it("passes nothing of the caller's environment on but PATH", () => {
    const args = argsFor("-all");
    const names = args.flatMap((arg, index) => (args[index - 1] === "--setenv" ? [arg] : []));
    expect(names.sort()).toEqual(["HOME", "LANG", "LC_ALL", "PATH", "TZ", "USER"]);
    expect(args.indexOf("--clearenv")).toBeLessThan(args.indexOf("--setenv"));
  });
});

import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VariationName } from "../../src/reproduce/variation.ts";
import { nvlab, testLock, type ProgramRun } from "./program.ts";
import { writeFiles } from "./project.ts";

/** How a step lets each condition into its output: a Bash command. */
export const leaks: Readonly<Record<VariationName, string>> = {
  environment: "echo ${NVLAB_VARIED_ENVIRONMENT-no such variable}",
  build_path: "pwd -P",
  kernel: "uname -r",
  aslr: 'if [ "$(stack)" = "$(stack)" ]; then echo fixed; else echo random; fi',
  num_cpus: "echo made by $(nproc) jobs",
  time: "date +%Y-%m",
  user_group: "id -u",
  fileordering: "ls -U /obj/files",
  domain_host: "uname -n",
  home: "echo $HOME",
  locales: "printf 't\\nz\\n' | sort",
  exec_path: "echo $PATH",
  timezone: "date -d @0 +%z",
  umask: "ls -l /obj/files/one | cut -d' ' -f1",
};

export interface Leaky {
  readonly folder: string;
  readonly run: (...args: string[]) => Promise<ProgramRun>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly close: () => void;
}

/** A project without sources, whose one component leaks every condition into a file of its own. */
export function leakyProject(before = "", given: Partial<typeof leaks> = leaks): Leaky {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-leaky-"));
  const names = Object.keys(given);
  const steps = Object.entries(given).map(([name, command]) => `      { ${command}; } > /out/${name}`);
  writeFiles(folder, {
    "nvlab.yaml": 'name: leaky\nversion: "1.0.0"\ndefault-target: board\n',
    "recipes/components/leaky.yaml": `name: leaky
version: "1.0"
license: MIT
environment: { NONCE: ${randomUUID()} }
steps:
  - run: |
      stack() { sed -n '/\\[stack\\]/s/ .*//p' /proc/self/maps; }
      mkdir files; touch files/one files/two files/three files/four files/five files/six files/seven
${before}
${steps.join("\n")}
outputs: [${names.join(", ")}]
`,
    "recipes/targets/board.yaml": `name: board
components: { leaky: {} }
boot: { qemu: { machine: virt, bios: ${names[0] ?? ""} } }
reproduce: { root: vary }
artifacts:
${names.map((name) => `  ${name}: { output: leaky/${name}, kind: kernel }`).join("\n")}
`,
  });
  copyFileSync(testLock(), join(folder, "nvlab.lock"));
  return {
    folder,
    run: (...args) => nvlab(["-C", folder, ...args]),
    write: (files) => {
      writeFiles(folder, files);
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

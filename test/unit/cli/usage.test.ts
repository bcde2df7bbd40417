import { expect, test } from "vitest";
import { runLine } from "./fake-world.ts";

test("a command that is misspelt ends with 2 and the one that was meant", async () => {
  expect(await runLine("buld")).toEqual({
    code: 2,
    out: "",
    err: "error NVLAB_USAGE: unknown command 'buld'\n  hint: did you mean build?\n",
  });
});

test("an option that is misspelt ends with 2 and the one that was meant", async () => {
  const { code, err } = await runLine("build --jbos 3");
  expect(code).toBe(2);
  expect(err).toBe("error NVLAB_USAGE: unknown option '--jbos'\n  hint: did you mean --jobs?\n");
});

test("a command of the lab that there is not points to the lab's help", async () => {
  const { code, err } = await runLine("lab foo");
  expect(code).toBe(2);
  expect(err).toBe(
    "error NVLAB_USAGE: unknown command 'foo'\n  hint: `nvlab lab --help` says what there is\n",
  );
});

test("words that no controller understands are refused with those that it does", async () => {
  const { code, err } = await runLine("lab link 0 sideways");
  expect(code).toBe(2);
  expect(err).toContain("a controller does not understand 'link 0 sideways'");
  expect(err).toContain("link LINK down|up|reset");
});

test("an option that resembles nothing points to the help of its command", async () => {
  const { code, err } = await runLine("verify --qqqqqq out");
  expect(code).toBe(2);
  expect(err).toContain("hint: `nvlab verify --help` says what there is");
});

test.each([
  ["build --jobs 0", "option '--jobs <N>' argument '0' is invalid. It has to be a whole number from 1 on"],
  ["build --source linux", "It has to be NAME=DIR, as in linux=../linux"],
  ["boot --timeout soon", "It has to be a time such as 90s, 5m, 12h or 30d"],
  ["boot --test --timeout 25d", "It has to be at most 24d"],
  ["boot --timeout 5s", "--timeout ends a boot without a person"],
  ["gc --max-size big", "It has to be a size such as 512M or 20G"],
  ["doctor --debian-mirror here", "It has to be an address that begins with http://, https:// or file:///"],
  ["graph --format svg", "Allowed choices are mermaid, dot, json"],
  ["completion tcsh", "Allowed choices are bash, zsh, fish"],
  ["verify", "missing required argument 'path'"],
  ["build a b", "too many arguments for 'build'. Expected 1 argument but got 2"],
])("`nvlab %s` is refused with the reason", async (line, reason) => {
  const { code, err, out } = await runLine(line);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain(reason);
});

test("with --json a wrong line is told as a document on standard output too", async () => {
  const { code, out } = await runLine("build --jobs 0 --json");
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ failures: [{ code: "NVLAB_USAGE" }] });
});

test("without a command the help goes to standard error, and the exit code is 2", async () => {
  const { code, out, err } = await runLine("");
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("Usage: nvlab [options] <command>");
});

const commands = [
  ...["build", "fetch", "lock", "boot", "verify", "list", "show", "graph", "why"],
  ...["config", "shell", "gc", "clean", "doctor", "init", "completion"],
  ...["reproduce"],
  ...["lab", "lab status", "lab link", "lab fatal", "lab bench"],
];

test.each(commands)(
  "`nvlab %s --help` goes to standard output, with an example and the global options",
  async (command) => {
    const { code, out, err } = await runLine(`${command} --help`);
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toMatch(new RegExp(`Examples?:\\n  .*nvlab ${command}`));
    expect(out).toContain("--cache-dir");
  },
);

test("the help names every command and none that is hidden", async () => {
  const { out } = await runLine("--help");
  for (const command of commands.filter((one) => !one.includes(" "))) {
    expect(out).toContain(`\n  ${command} `);
  }
  expect(out).not.toContain("__complete");
  expect(out).not.toContain("__rebuild");
});

test("--version prints the version of package.json", async () => {
  const { code, out } = await runLine("--version");
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

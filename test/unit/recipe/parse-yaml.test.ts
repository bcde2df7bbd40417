import { expect, test } from "vitest";
import { parseYaml } from "../../../src/recipe/parse-yaml.ts";
import { positionOf } from "../../../src/recipe/located.ts";
import { documents } from "../../../src/recipe/schema/documents.ts";

const component = `name: hello
version: "1.0"
license: MIT
steps:
  - run: touch /out/hello
outputs: [hello]
`;

function faults(text: string) {
  const parsed = parseYaml("hello.yaml", text, documents.component, "NVLAB_RECIPE");
  return parsed.ok ? [] : parsed.failures;
}

test("a good recipe is parsed, and every value knows where it was written", () => {
  const parsed = parseYaml("hello.yaml", component, documents.component, "NVLAB_RECIPE");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  expect(parsed.value.value).toMatchObject({ name: "hello", root: "build", needs: [] });
  expect(positionOf(parsed.value, ["steps", 0, "run"])).toEqual({ file: "hello.yaml", line: 5, column: 10 });
  expect(positionOf(parsed.value, ["steps", 0, "nowhere"])).toMatchObject({ line: 5 });
});

test("an unknown key is reported at the key", () => {
  expect(faults(`${component}colour: red\n`)).toMatchObject([
    { code: "NVLAB_RECIPE", message: "unknown key 'colour' in the document", at: { line: 7, column: 1 } },
  ]);
});

test("an unknown key in a step is reported in the step that was meant", () => {
  const spoilt = component.replace("run: touch /out/hello", "{ kconfig: { dialect: linux, defconfg: x } }");
  const fault = faults(spoilt).find(
    ({ message }) => message === "unknown key 'defconfg' in 'steps.0.kconfig'",
  );
  expect(fault?.at).toMatchObject({ line: 5 });
});

test("a duplicate key is a fault of the YAML", () => {
  expect(faults(`${component}license: ISC\n`)).toMatchObject([{ code: "NVLAB_YAML", at: { line: 7 } }]);
});

test("an unquoted version is a fault that says how to write it", () => {
  const [fault] = faults(component.replace('"1.0"', "2026.10"));
  expect(fault).toMatchObject({ at: { file: "hello.yaml", line: 2, column: 10 } });
  expect(fault?.message).toContain("quotes");
});

test("all faults of a file are reported at once", () => {
  const text =
    component.replace("name: hello", "name: Hello World").replace("[hello]", "[../hello]") + "x: 1\n";
  expect(faults(text)).toHaveLength(3);
});

test("a missing key says which one", () => {
  expect(faults(component.replace("license: MIT\n", ""))[0]?.message).toContain("'license'");
});

test("broken YAML gives a position", () => {
  expect(faults("name: [unclosed\n")[0]).toMatchObject({ code: "NVLAB_YAML" });
});

test("aliases that grow without end are refused", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (let depth = 1; depth < 9; depth++) {
    const [before, name] = [String.fromCharCode(96 + depth), String.fromCharCode(97 + depth)];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
  }
  expect(faults(bomb.join("\n"))[0]).toMatchObject({ code: "NVLAB_YAML" });
});

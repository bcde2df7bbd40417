import { readFileSync, writeFileSync } from "node:fs";
import { renderFailures } from "../report/failure.ts";
import { contractPath, generatedFiles } from "./generate/generated-files.ts";

const home = new URL("../../", import.meta.url);
const yaml = readFileSync(new URL(contractPath, home), "utf8");
const files = generatedFiles(yaml);
if (files.ok) {
  for (const [path, text] of Object.entries(files.value)) writeFileSync(new URL(path, home), text);
} else {
  process.stderr.write(
    `${renderFailures(
      files.failures,
      (_, text) => text,
      () => yaml,
    )}\n`,
  );
  process.exitCode = 1;
}

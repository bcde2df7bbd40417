import { createHash } from "node:crypto";
import { ok, type Result } from "../../failure/result.ts";
import { parseContract } from "../parse-contract.ts";
import { generateHeader } from "./header.ts";
import { generateMarkdown } from "./markdown.ts";
import { generateTypescript } from "./typescript.ts";

/** Where the contract is written, below the project. */
export const contractPath = "contract/nvlink-fusion.yaml";

/** Everything that is generated from the contract, text by path below the project. */
export function generatedFiles(yaml: string): Result<Readonly<Record<string, string>>> {
  const parsed = parseContract(contractPath, yaml);
  if (!parsed.ok) return parsed;
  const contract = parsed.value.value;
  const header = generateHeader(contract);
  return ok({
    "contract/include/nvlink-contract.h": header,
    // The kernel's tree is complete without a path to this project: it has its own copy.
    "patches/linux/files/drivers/nvlink/nvlink-contract.h": header,
    "docs/contract.md": generateMarkdown(contract),
    "src/contract/generated.ts": generateTypescript(
      contract,
      createHash("sha256").update(yaml).digest("hex"),
    ),
  });
}

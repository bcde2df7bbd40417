import type { Contract, Structure } from "../schema.ts";
import { repeated, type ContractFault } from "./fault.ts";

export const typeBytes = { u8: 1, le32: 4, le64: 8 } as const;

/** Structures that a compiler would lay out in another way than the sum of their members says. */
export function checkStructures({ structures }: Contract): ContractFault[] {
  return structures.flatMap((structure, index) => checkStructure(structure, ["structures", index]));
}

function checkStructure({ name, size, fields }: Structure, path: (string | number)[]): ContractFault[] {
  const faults = repeated(
    fields,
    (field) => field.name,
    (field, index) => ({
      path: [...path, "fields", index, "name"],
      message: `structure ${name} has two members ${field.name}`,
    }),
  );
  let offset = 0;
  for (const [index, { name: member, type, count = 1 }] of fields.entries()) {
    if (offset % typeBytes[type] !== 0)
      faults.push({
        path: [...path, "fields", index],
        message: `${name}.${member} is not aligned: it begins at byte ${offset}`,
      });
    offset += typeBytes[type] * count;
  }
  if (offset !== size)
    faults.push({
      path: [...path, "size"],
      message: `the members of ${name} are ${offset} bytes, not ${size}`,
    });
  if (size % Math.max(...fields.map(({ type }) => typeBytes[type])) !== 0)
    faults.push({ path: [...path, "size"], message: `${name} would be padded at its end` });
  return faults;
}

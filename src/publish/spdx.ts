import parse from "spdx-expression-parse";

/** Whether a text is an expression of SPDX (spec 2.3, annex D) with licences that the list of SPDX has, or a LicenseRef. */
export function isSpdxExpression(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text of somebody else's making for a terminal: none of its control or formatting characters gets there. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

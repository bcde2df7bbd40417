// eslint's no-control-regex: the escape character is what is looked for.
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");
const invisible = /[\p{Mark}\p{Control}\p{Format}]/u;
/** East Asian wide and fullwidth blocks and emoji: two columns each (Unicode Standard Annex 11). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

export function withoutEscapes(text: string): string {
  return text.replace(escapes, "");
}

/** Columns that the text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of withoutEscapes(text)) {
    if (invisible.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** The text, or as much of its beginning as fits, ending in "…". Escapes are not expected in it. */
export function truncate(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(kept) + textWidth(character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

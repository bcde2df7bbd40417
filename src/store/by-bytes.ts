const beyondAscii = /[^\0-\x7f]/;

/** Orders names by their UTF-8 bytes, as `LC_ALL=C sort` does. (JavaScript's own order is by UTF-16 units.) */
export function byBytes(left: string, right: string): number {
  if (beyondAscii.test(left) || beyondAscii.test(right)) return Buffer.from(left).compare(Buffer.from(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

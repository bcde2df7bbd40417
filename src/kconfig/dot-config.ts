/**
 * The values of a .config by option name, with the CONFIG_ prefix. "is not set" reads as "n"; an option that
 * Kconfig left out is absent.
 */
export function parseDotConfig(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const off = /^# (CONFIG_[A-Za-z0-9_]+) is not set$/.exec(line);
    if (off?.[1] !== undefined) values.set(off[1], "n");
    const set = /^(CONFIG_[A-Za-z0-9_]+)=(.*)$/.exec(line);
    if (set?.[1] !== undefined && set[2] !== undefined) values.set(set[1], set[2]);
  }
  return values;
}

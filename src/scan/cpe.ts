/** Vendor, product and version of a CPE 2.3 name (NISTIR 7695, section 6.2). */
export interface Cpe {
  readonly vendor: string;
  readonly product: string;
  /** Undefined for "*" (any) and "-" (none). */
  readonly version?: string;
}

/** Undefined for a text that is no CPE 2.3 formatted string. */
export function parseCpe(text: string): Cpe | undefined {
  const [prefix, form, part, vendor, product, version, update, ...rest] = splitUnescaped(text);
  if (prefix !== "cpe" || form !== "2.3" || rest.length !== 6) return undefined;
  if (part === undefined || !/^[aho*]$/.test(part) || !vendor || !product) return undefined;
  const [number, suffix] = [concrete(version), concrete(update)];
  const full = number === undefined ? undefined : suffix === undefined ? number : `${number}-${suffix}`;
  return {
    vendor: unescape(vendor),
    product: unescape(product),
    ...(full === undefined ? {} : { version: full }),
  };
}

/** A colon with a backslash before it is part of the value. */
function splitUnescaped(text: string): string[] {
  return text.split(/(?<!\\):/);
}

function concrete(value: string | undefined): string | undefined {
  return value === undefined || value === "*" || value === "-" ? undefined : unescape(value);
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, "$1").toLowerCase();
}

/** What a finished module says of itself. */
export interface InspectedModule {
  readonly file: string;
  readonly vermagic: string | undefined;
  readonly licenses: readonly string[];
  /** Namespaces of symbols that it imports. */
  readonly imports: readonly string[];
  readonly undefinedSymbols: readonly string[];
  /** Checksums of symbols that it was built against, where the kernel wants them. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** A line of a Module.symvers. */
export interface ExportedSymbol {
  readonly checksum: string;
  /** "vmlinux", or the module that exports it, without .ko. */
  readonly module: string;
  readonly gplOnly: boolean;
  readonly namespace: string;
}

export interface Inspection {
  /** What the kernel compares a module's vermagic with. */
  readonly vermagic: string;
  /** The kernel compares checksums of symbols (CONFIG_MODVERSIONS). */
  readonly modversions: boolean;
  /** Every .ko that the build made, relative to the source tree. */
  readonly built: readonly string[];
  readonly modules: readonly InspectedModule[];
  /** Of the symbols that the modules need, those that something exports. */
  readonly exports: ReadonlyMap<string, ExportedSymbol>;
}

/** Reads what the inspecting script printed. Lines that it does not know are left out. */
export function parseInspection(lines: readonly string[]): Inspection {
  let vermagic = "";
  let modversions = false;
  const built: string[] = [];
  const modules: Writable[] = [];
  const exports = new Map<string, ExportedSymbol>();
  for (const line of lines) {
    const space = line.indexOf(" ");
    const word = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? "" : line.slice(space + 1);
    const current = modules.at(-1);
    switch (word) {
      case "expected":
        vermagic = [...rest.matchAll(/"([^"]*)"/g)]
          .map(([, text = ""]) => text)
          .join("")
          .trim();
        break;
      case "modversions":
        modversions = true;
        break;
      case "built":
        built.push(rest);
        break;
      case "module":
        modules.push(emptyModule(rest));
        break;
      case "vermagic":
        if (current) current.vermagic = rest.trim();
        break;
      case "license":
        current?.licenses.push(rest);
        break;
      case "import_ns":
        current?.imports.push(rest);
        break;
      case "undefined":
        current?.undefinedSymbols.push(rest);
        break;
      case "crc": {
        const [checksum = "", symbol = ""] = rest.split(" ");
        current?.checksums.set(symbol, checksum);
        break;
      }
      case "export": {
        const [checksum = "", symbol = "", module = "", kind = "", namespace = ""] = rest.split("\t");
        exports.set(symbol, { checksum, module, gplOnly: kind.endsWith("_GPL"), namespace });
        break;
      }
    }
  }
  return { vermagic, modversions, built, modules, exports };
}

interface Writable {
  readonly file: string;
  vermagic: string | undefined;
  readonly licenses: string[];
  readonly imports: string[];
  readonly undefinedSymbols: string[];
  readonly checksums: Map<string, string>;
}

function emptyModule(file: string): Writable {
  return {
    file,
    vermagic: undefined,
    licenses: [],
    imports: [],
    undefinedSymbols: [],
    checksums: new Map(),
  };
}

/** What makes an object file of its own; anything else (a header, a Makefile) is part of others. */
const translationUnit = /\.(?:c|S|s|rs|cc|cpp|cxx|m|y|l|lex|rl)$/;
const header = /\.(?:h|hpp|hh|inc)$/;

/**
 * Whether none of the files that hold a fault was compiled. Undefined where that cannot be told: nobody says which
 * source files were compiled or which are faulty, or one of these is of a kind that the list of compiled files does not
 * have. That list may have the files below some folder of the machine on which it was made.
 */
export function wasLeftOut(
  files: readonly string[],
  compiled: ReadonlySet<string> | undefined,
): boolean | undefined {
  if (compiled === undefined || files.length === 0) return undefined;
  const names = [...compiled];
  if (files.some((file) => compiled.has(file) || names.some((name) => name.endsWith(`/${file}`))))
    return false;
  // An SBOM of somebody else's may list the installed files of a package: these tell nothing.
  if (!names.some((name) => translationUnit.test(name))) return undefined;
  const listsHeaders = names.some((name) => header.test(name));
  const tellable = files.every((file) => translationUnit.test(file) || (listsHeaders && header.test(file)));
  return tellable ? true : undefined;
}

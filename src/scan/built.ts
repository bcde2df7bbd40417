/** What makes an object file of its own; anything else (a header, a Makefile) is part of others. */
const translationUnit = /\.(?:c|S|s|rs|cc|cpp|cxx|m|y|l|lex|rl)$/;
const header = /\.(?:h|hpp|hh|inc)$/;

/**
 * Whether none of the files that hold a fault was compiled. Undefined where that cannot be told: nobody says which
 * files were compiled or which are faulty, or one of these is of a kind that the list of compiled files does not have.
 */
export function wasLeftOut(
  files: readonly string[],
  compiled: ReadonlySet<string> | undefined,
): boolean | undefined {
  if (compiled === undefined || files.length === 0) return undefined;
  if (files.some((file) => compiled.has(file))) return false;
  const listsHeaders = [...compiled].some((file) => header.test(file));
  const tellable = files.every((file) => translationUnit.test(file) || (listsHeaders && header.test(file)));
  return tellable ? true : undefined;
}

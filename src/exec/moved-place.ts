const movable = /^\/(?:src(?:-[^/]+)?|obj|out)$/;

/** Where a mount goes: its place, and the link that stands in its stead where it was moved. */
export function movedPlace(
  at: string,
  places: string | undefined,
): { readonly at: string; readonly link?: string } {
  return places !== undefined && movable.test(at) ? { at: `${places}${at}`, link: at } : { at };
}

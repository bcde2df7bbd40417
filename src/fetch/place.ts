import { fileURLToPath } from "node:url";

/** Path of a place on this host, or undefined where it is somewhere else. */
export function localPath(place: string): string | undefined {
  if (place.startsWith("/")) return place;
  return place.startsWith("file:") ? fileURLToPath(place) : undefined;
}

/** Takes user names and passwords out of all URLs in a text: for whatever is shown, logged or locked. */
export function redact(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s"'<>]*@/gi, "$1");
}

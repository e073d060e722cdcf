/** Whether this runtime can serve the page, and TLS. */

/** The first one whose `node:http` and `node:tls` take what is no socket of theirs. */
const WEB_SINCE = [2, 9] as const;

export function canServeWeb(version = Deno.version.deno): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > WEB_SINCE[0] ||
    major === WEB_SINCE[0] && minor >= WEB_SINCE[1];
}

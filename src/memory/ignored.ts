/**
 * Who is ignored: a key, whatever its person is called, or a name, where it has no key. In the file
 * each is a line: `SHA256:…` and the name of that time, or just a name, folded.
 */
import { FINGERPRINT_PREFIX } from "../wire/fingerprint_text.ts";
import { foldName } from "../wire/fold.ts";
import type { Author } from "./known_keys.ts";
import type { Shown } from "./server_memory.ts";

/** Whom a line is about. */
export function parseIgnored(line: string): { key?: string; name?: string } {
  const [first, name] = line.split(" ");
  if (!first!.startsWith(FINGERPRINT_PREFIX)) return { name: line };
  return { key: first!, ...(name === undefined ? {} : { name }) };
}

/** A line for somebody. */
function ignoredLine({ name, key }: Partial<Shown>): string {
  const folded = foldName(name ?? "");
  return key === undefined ? folded : `${key} ${folded}`.trimEnd();
}

/** Whether somebody is ignored; where the key is not known, the name of that time counts. */
export function isIgnored(
  lines: readonly string[],
  { name, key, is }: Author,
): boolean {
  const folded = foldName(name);
  return lines.map(parseIgnored).some((one) =>
    one.key === undefined || is === "unknown"
      ? one.name === folded
      : one.key === key
  );
}

/** The lines with somebody, who was named by `who`, in the place of what stood for that. */
export function withIgnored(
  lines: readonly string[],
  who: string,
  shown: Partial<Shown>,
): string[] {
  return [...withoutIgnored(lines, who), ignoredLine(shown)];
}

/** The lines without those of a name or a key. */
export function withoutIgnored(
  lines: readonly string[],
  nameOrKey: string,
): string[] {
  const folded = foldName(nameOrKey);
  return lines.filter((line) => {
    const { key, name } = parseIgnored(line);
    return key !== nameOrKey && name !== folded;
  });
}

/** As a person reads it. */
export function renderIgnored(lines: readonly string[]): string {
  return lines.map((line) => {
    const { key, name } = parseIgnored(line);
    return key === undefined || name === undefined
      ? key ?? name
      : `${name} (${key})`;
  }).join(", ");
}

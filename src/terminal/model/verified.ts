/** Whom the person has verified on one server: what a key that is seen there means. Pure. */
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import { foldName } from "../../wire/names.ts";
import type { Verified } from "./memory.ts";

/** Somebody as the server shows them. */
export interface Shown {
  readonly name: string;
  /** `SHA256:…`; guests have none. */
  readonly key?: string;
}

/** Whether somebody was verified: with this key, or as somebody else. */
export function standingOf(
  { name, key }: Shown,
  verified: readonly Verified[],
): "verified" | "changed" | "unknown" {
  const known = verified.find((one) => foldName(one.name) === foldName(name));
  if (known !== undefined && known.key !== key) return "changed";
  return key !== undefined && verified.some((one) => one.key === key)
    ? "verified"
    : "unknown";
}

/** The list with a person verified anew. */
export function withVerified(
  verified: readonly Verified[],
  { name, key }: Required<Shown>,
  now: Date,
): Verified[] {
  const others = verified.filter((one) =>
    one.key !== key && foldName(one.name) !== foldName(name)
  );
  return [...others, { name, key, at: now.toISOString() }];
}

/** What both people read to each other. */
export function comparison(
  own: Required<Shown>,
  other: Required<Shown>,
): string {
  return [
    `you, ${own.name}: ${wordsOfFingerprint(own.key)}`,
    `${other.name}: ${wordsOfFingerprint(other.key)}`,
    "read both to each other, face to face or on the phone; " +
    `when they are the same there: /verify ${other.name} yes`,
  ].join("\n");
}

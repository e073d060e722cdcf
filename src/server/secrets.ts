/** The secrets of links: made of one that is drawn at the start, and kept as hashes only. */
import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Secrets } from "../chat/gate_options.ts";

const SECRET_BYTES = 16;
const START_SECRET_BYTES = 32;

/**
 * Secrets that nobody can foresee, and that are the same when a turn is tried again. `linkOf` makes
 * the link of one.
 */
export function createSecrets(linkOf: Secrets["linkOf"]): Secrets {
  const own = randomBytes(START_SECRET_BYTES);
  return {
    secretOf(number) {
      const digest = createHmac("sha256", own).update(`invite ${number}`)
        .digest();
      return base64url(digest.subarray(0, SECRET_BYTES));
    },
    hashOf,
    linkOf,
  };
}

/** A secret of its own, for a link that is not made in a turn. */
export function drawSecret(): string {
  return base64url(randomBytes(SECRET_BYTES));
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("base64url");
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

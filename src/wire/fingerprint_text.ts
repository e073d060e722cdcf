/** Fingerprints of keys as messages, links and files have them: `SHA256:` and unpadded base64. */

export const FINGERPRINT_PREFIX = "SHA256:";

/** Whether a text is a fingerprint in its full form. */
export function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);
}

/** Base64 (RFC 4648, section 4) of what is no longer than some kilobytes. */

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** @throws {DOMException} for a text that is none; whether `=` is at its end does not matter. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

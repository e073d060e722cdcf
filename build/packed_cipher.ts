/**
 * The compiled cipher, packed for the page: in base64, its bytes stand across characters, where no
 * compression finds what is alike. It is 1 KB less with a character for each.
 */

/** The module as it stands in the script; it begins with the bytes of every module. */
const MODULE = /"(AGFzbQ[\w+/]+=*)"/;

/**
 * The script with the module packed, and what unpacks it.
 *
 * @throws {Error} when the module is not there as it was.
 */
export function withPackedCipher(script: string): string {
  const [literal, base64] = MODULE.exec(script) ?? [];
  if (base64 === undefined) throw new Error("no compiled cipher");
  const packed = JSON.stringify(packCipher(base64));
  return script.replace(literal!, () => `(${unpackCipher})(${packed})`);
}

/** Each byte as the character that is 40 further on: most are printable then, and need no escape. */
export function packCipher(base64: string): string {
  const bytes = Array.from(atob(base64), (char) => char.charCodeAt(0) + 40);
  return String.fromCharCode(...bytes);
}

/** Undoes `packCipher`; it stands in the page by its text, so it names nothing else. */
export function unpackCipher(packed: string): string {
  const bytes = Array.from(packed, (char) => char.charCodeAt(0) - 40);
  return btoa(String.fromCharCode(...bytes));
}

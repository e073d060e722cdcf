/** When two names are the same (Unicode UAX #15). */

const ASCII = /^[\x21-\x7e]+$/;

/** Names that fold to the same are the same name: NFKC, upper case, lower case, NFC. */
export function foldName(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}

/** Names as they are compared: the server holds those equal that are so after NFKC and in lower case. */

export function foldKey(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}

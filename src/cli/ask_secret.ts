/** Asks a person for a secret: what is typed is not shown, and nothing is written to the output. */

const [CTRL_C, CTRL_D, BACKSPACE, LINE_FEED, RETURN, DELETE] = [
  ...[0x03, 0x04, 0x08, 0x0a, 0x0d, 0x7f],
];
/** As a shell says that Ctrl+C has ended something. */
const INTERRUPTED = 130;

/** The line that the person types; `undefined` where there is no terminal to ask on. */
export function askSecret(question: string): string | undefined {
  if (!Deno.stdin.isTerminal()) return undefined;
  const say = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  say(`${question} `);
  let end: "line" | "interrupt" = "line";
  let typed: number[] = [];
  Deno.stdin.setRaw(true);
  try {
    for (let byte = readByte(); byte !== undefined; byte = readByte()) {
      if (byte === CTRL_C) end = "interrupt";
      if (byte === CTRL_C || byte === CTRL_D) break;
      if (byte === RETURN || byte === LINE_FEED) break;
      if (byte === BACKSPACE || byte === DELETE) typed = withoutLast(typed);
      else typed.push(byte);
    }
  } finally {
    Deno.stdin.setRaw(false);
    say("\n");
  }
  if (end === "interrupt") Deno.exit(INTERRUPTED);
  return new TextDecoder().decode(Uint8Array.from(typed));
}

function readByte(): number | undefined {
  const byte = new Uint8Array(1);
  return Deno.stdin.readSync(byte) === null ? undefined : byte[0];
}

/** UTF-8 less its last character. */
function withoutLast(bytes: readonly number[]): number[] {
  return bytes.slice(0, bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80));
}

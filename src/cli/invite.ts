/** `confab invite`: asks a server for a link that lets somebody in, as an administrator of it. */
import { ConfabError, UsageError } from "../base/errors.ts";
import { INVITE_USES_MAX } from "../base/limits.ts";
import type { Client } from "../client/client.ts";
import { renderInvite } from "../text/render.ts";
import { judgeRoom } from "../wire/names.ts";
import { comeAsAdmin, SERVER_POSITIONAL } from "./admin_desk.ts";
import { readProcessOptions, tell } from "./environment.ts";
import {
  type CommandTable,
  FINGERPRINT_ROW,
  IDENTITY_ROW,
  PASSPHRASE_ROW,
  PASSWORD_FILE_ROW,
  PASSWORD_ROW,
  row,
} from "./option_table.ts";

export const INVITE = {
  name: "invite",
  summary: "make a link that lets somebody in, as an administrator of a server",
  positionals: [SERVER_POSITIONAL],
  options: {
    room: row.string("ROOM").help(
      "where the newcomer starts; if it is locked, the link lets into it, too",
    ),
    expires: row.string("TIME", { default: "7d" })
      .help("how long the link is good for: 90m, 12h, 7d"),
    uses: row.integer("N", 1, INVITE_USES_MAX, 1)
      .help("how many people it lets in"),
    identity: IDENTITY_ROW,
    fingerprint: FINGERPRINT_ROW,
    "password-file": PASSWORD_FILE_ROW,
    password: PASSWORD_ROW,
    passphrase: PASSPHRASE_ROW,
  },
} as const satisfies CommandTable;

/** As `/server invite` takes it. */
const EXPIRES = /^[1-9]\d{0,3}[mhdw]$/;

/** Writes the link to standard output, and to a person what it is good for. */
export async function invite(argv: readonly string[]): Promise<number> {
  const { options, positionals: [where] } = readProcessOptions(INVITE, argv);
  const { room, expires, uses } = options;
  // The server tells a time from a room by how it is written.
  if (!EXPIRES.test(expires)) {
    const wanted = "give minutes, hours, days or weeks, such as 90m, 12h, 7d";
    throw new UsageError(`--expires ${JSON.stringify(expires)}: ${wanted}`);
  }
  if (room !== undefined) judgeRoom(room);
  const desk = await comeAsAdmin(where, { ...options, trustNew: false });
  await using client = desk.client;
  const words = [...room === undefined ? [] : [room], expires, String(uses)];
  const made = await ask(client, `invite ${words.join(" ")}`);
  console.log(made.link);
  if (Deno.stdout.isTerminal()) tell(`It ${renderInvite(made)}.`);
  return 0;
}

async function ask(client: Client, args: string) {
  const answer = await client.request({
    type: "command",
    name: "server",
    args,
  });
  if (answer.type === "invite") return answer;
  throw new ConfabError("connection", "the server gave no link: is it older?");
}

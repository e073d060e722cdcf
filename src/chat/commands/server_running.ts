/** `/server say`, `close` and `stop`: the running server and its connections. */
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import { becauseOf } from "../server_bans.ts";
import type { ConnectionId } from "../input.ts";
import type { Connection } from "../state.ts";
import {
  type CommandContext,
  firstWord,
  needText,
  type Subcommand,
} from "./command.ts";
import { readWhy } from "./why.ts";

export const SERVER_SAY: Subcommand = {
  name: "say",
  args: "TEXT",
  text: "say something to everybody who is on the server",
  run(context, args) {
    const { core, person: { name: by } } = context;
    const said = needText(args, "/server say TEXT");
    core.audit({ action: "server say", by: by! });
    const text = `${by} to everybody: ${said}`;
    const others = core.connections.values().filter((one) =>
      one !== context.connection
    );
    core.tell(others, { type: "notice", text });
    context.done(`you told everybody: ${said}`, "passing");
  },
};

export const SERVER_CLOSE: Subcommand = {
  name: "close",
  args: "ID [WHY]",
  text: "end one connection, by its id; the others of its person stay",
  run(context, args) {
    const { core, person: { name: by } } = context;
    const [id, rest] = firstWord(args);
    const why = readWhy(rest);
    const connection = needConnection(context, id);
    const { ip: address } = connection.peer;
    core.audit({ action: "server close", by: by!, target: id, address });
    context.done(`connection ${id} was closed`, "passing");
    const text = `${by} closed this connection${becauseOf(why)}`;
    context.end(connection, "kicked", text, { by: by!, ...given({ why }) });
  },
};

export const SERVER_STOP: Subcommand = {
  name: "stop",
  args: "[WHY]",
  text: "stop the server: everybody is told so, and it ends",
  run(context, args) {
    const { core, person: { name } } = context;
    const by = name!;
    const why = readWhy(args);
    core.audit({ action: "server stop", by });
    context.done("the server stops", "passing");
    core.effects.push({ kind: "stop", by, ...given({ why }) });
  },
};

/**
 * A connection that may be closed: not another administrator's.
 *
 * @throws {ProtocolError} `bad-arguments`, `no-such-person` or `not-allowed`.
 */
function needConnection(
  { core, roles, person }: CommandContext,
  id: string,
): Connection {
  if (id === "") {
    throw new ProtocolError("bad-arguments", "usage: /server close ID [WHY]");
  }
  // Whatever it looks like: what is no id is not there either.
  const connection = core.connections.get(id as ConnectionId);
  if (connection === undefined) {
    throw new ProtocolError("no-such-person", `there is no connection ${id}`);
  }
  if (connection.person !== person && roles.isAdmin(connection.peer.key)) {
    throw new ProtocolError(
      "not-allowed",
      `connection ${id} is an administrator's`,
    );
  }
  return connection;
}

/** What the hub is made of: each part has a topic, and all share the core. */
import { EMPTY_DIRECTORY } from "../store/directory.ts";
import { Conversations } from "./conversations.ts";
import { Core, type HubOptions } from "./core.ts";
import { Deletions } from "./deletions.ts";
import { Entries } from "./entries.ts";
import { Gate } from "./gate.ts";
import { Membership } from "./membership.ts";
import { ReadMarks } from "./read_marks.ts";
import { Roles } from "./roles.ts";
import { ServerBans } from "./server_bans.ts";
import { Typing } from "./typing.ts";
import { Watching } from "./watching.ts";

export interface Parts {
  readonly core: Core;
  readonly roles: Roles;
  readonly gate: Gate;
  readonly serverBans: ServerBans;
  readonly membership: Membership;
  readonly conversations: Conversations;
  readonly deletions: Deletions;
  readonly readMarks: ReadMarks;
  readonly typing: Typing;
  readonly watching: Watching;
}

export function assemble(options: HubOptions): Parts {
  const core = new Core(options);
  const roles = new Roles(core, options.admins);
  const entries = new Entries(core);
  const conversations = new Conversations(core, roles, entries);
  const directory = options.directory ?? EMPTY_DIRECTORY;
  return {
    core,
    roles,
    gate: new Gate(core, roles, options.gate),
    serverBans: new ServerBans(core, (key) => roles.isAdmin(key)),
    membership: new Membership(core, roles),
    conversations,
    deletions: new Deletions(core, roles, conversations, entries, directory),
    readMarks: new ReadMarks(core, conversations),
    typing: new Typing(core, roles),
    watching: new Watching(core, roles),
  };
}

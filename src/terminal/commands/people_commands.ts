/** Commands about people: whom one hears nothing of, and whose key one has compared. */
import { ConfabError, UsageError } from "../../base/errors.ts";
import {
  renderIgnored,
  withIgnored,
  withoutIgnored,
} from "../../memory/ignored.ts";
import {
  comparison,
  type Shown,
  withVerified,
} from "../../memory/server_memory.ts";
import { nameOrKey, need, wordAndRest } from "../../text/command_words.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";
import { foldName } from "../../wire/fold.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { LocalCommand } from "./local_command.ts";

/** People whose fingerprints were shown, and `yes` not said yet. */
const COMPARED = 100;
const UNCOMPARED = "has another key now than the one that was shown";

export const PEOPLE_COMMANDS: readonly LocalCommand[] = [
  {
    name: "ignore",
    args: "[NAME or SHA256:…]",
    text:
      "hear nothing of somebody, whatever they are called; alone it lists them",
    run: ignore,
  },
  {
    name: "unignore",
    args: "NAME or SHA256:…",
    text: "hear somebody again",
    run(model, args) {
      const who = nameOrKey(need(args, "/unignore NAME"));
      const { ignored } = model.memory;
      const { key = who } = model.known.of(who);
      const rest = withoutIgnored(withoutIgnored(ignored, who), key);
      if (rest.length === ignored.length) {
        throw new UsageError(`${args} is not ignored`);
      }
      model.remembered.change((memory) => ({
        ...memory,
        ignored: withoutIgnored(withoutIgnored(memory.ignored, who), key),
      }));
      model.out.note(`${args} is heard again`);
    },
  },
  {
    name: "verify",
    args: "NAME [yes]",
    text: "compare fingerprints with somebody; with yes: remember that it fits",
    run: verify,
  },
];

/** Ignores the key of somebody; where it is not known, the name until the server says the key. */
function ignore(model: ChatModel, args: string): void {
  const { out, known } = model;
  if (args === "") {
    const all = renderIgnored(model.memory.ignored);
    return out.note(all === "" ? "nobody is ignored" : `ignored: ${all}`);
  }
  const who = nameOrKey(args);
  if (who.startsWith("SHA256:") && !isFingerprint(who)) {
    throw new UsageError("a fingerprint has 43 characters after SHA256:");
  }
  const author = known.of(who);
  setIgnored(model, who, isFingerprint(who) ? { key: who } : author);
  out.note(`${who} is ignored; /unignore ${who} ends it`);
  if (isFingerprint(who) || author.is === "known") return;
  const question = { type: "command", name: "whois", args: who } as const;
  model.ask(question).then((whois) => {
    if (whois.type === "whois" && whois.key !== undefined) {
      setIgnored(model, who, whois);
    }
  }, () => {
    // Then it is the name that is ignored.
  });
}

function setIgnored(
  model: ChatModel,
  who: string,
  shown: Partial<Shown>,
): void {
  model.remembered.change((memory) => ({
    ...memory,
    ignored: withIgnored(memory.ignored, who, shown),
  }));
}

/** What `yes` says is meant for the key that was shown: whoever has the name now may be another. */
async function verify(model: ChatModel, args: string): Promise<void> {
  const { out, client, clock, server } = model;
  if (args === "") {
    const names = server.verified.map(({ name }) => name).join(", ");
    const nobody = "nobody is verified here yet: /verify NAME";
    return out.note(names === "" ? nobody : `verified: ${names}`);
  }
  const [wanted, answer] = wordAndRest(args, "/verify NAME");
  if (answer !== "" && answer !== "yes") {
    throw new UsageError("usage: /verify NAME, and then /verify NAME yes");
  }
  const question = { type: "command", name: "whois", args: wanted } as const;
  const whois = await model.ask(question);
  if (whois.type !== "whois") {
    throw new ConfabError("no-such-person", `${wanted} is not here`);
  }
  const { name, key } = whois;
  if (key === undefined || model.key === undefined) {
    const who = key === undefined ? `${name} has` : "you have";
    const why = `${who} no key: only people with keys can be verified`;
    throw new ConfabError("not-allowed", why);
  }
  const compared = model.compared.get(foldName(name));
  if (answer === "" || compared !== key) {
    if (answer !== "") {
      const why = compared === undefined ? "is not compared yet" : UNCOMPARED;
      out.fault(`${name} ${why}: nothing is remembered`);
    }
    if (model.compared.size === COMPARED) model.compared.clear();
    model.compared.set(foldName(name), key);
    const own = { name: client.name, key: model.key };
    return out.note(comparison(own, { name, key }));
  }
  const now = new Date(clock.wall());
  model.remembered.changeServer((server) => ({
    ...server,
    verified: withVerified(server.verified, { name, key }, now),
  }));
  out.note(`${name} is verified; a change of the key will be loud`);
}

/** Somebody: who they are, as far as it is known, and what can be done. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import type { Shown } from "../../memory/server_memory.ts";
import { clockTime, dayAndTime, durationText } from "../../text/render.ts";
import type { Chat } from "../model/chat.ts";
import { type Whois, whoisOf } from "../model/local_commands.ts";
import { actionsOn } from "../model/person_actions.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";
import { Words } from "./words.tsx";

const MINUTE_MS = 60_000;

export function PersonCard({ chat, shown }: { chat: Chat; shown: Shown }) {
  const whois = useSignal<Whois | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  useEffect(() => {
    whoisOf(chat, shown.name).then(
      (answer) => whois.value = answer,
      (error) => fault.value = describeError(error),
    );
  }, []);
  const close = () => chat.card.value = undefined;
  const key = whois.value?.key ?? (whois.value?.guest ? undefined : shown.key);
  // Whoever has the name now is not who said what one has clicked on.
  const isAnother = shown.key !== undefined && whois.value !== undefined &&
    whois.value.key !== shown.key;
  const who = isAnother ? shown : {
    name: whois.value?.name ?? shown.name,
    ...key === undefined ? {} : { key },
  };
  return (
    <Dialog title={shown.name} onClose={close}>
      {isAnother && (
        <p class="alarm" role="alert">
          Somebody else has this name now: the key is another.
        </p>
      )}
      <Standing chat={chat} who={who} isKnown={whois.value !== undefined} />
      {who.key !== undefined && (
        <div class="print">
          <Words of={who.key} />
          <p class="mono small">{who.key}</p>
        </div>
      )}
      {whois.value !== undefined && !isAnother && <Facts whois={whois.value} />}
      <Fault id="fault-card" text={fault.value} />
      <div class="row">
        {actionsOn(chat, chat.current.value, who)
          .filter(({ text }) => !text.startsWith("Who "))
          .map(({ text, isGrave, run }) => (
            <button
              key={text}
              type="button"
              class={`button ${isGrave ? "grave" : ""}`}
              onClick={() => {
                close();
                run();
              }}
            >
              {text}
            </button>
          ))}
      </div>
    </Dialog>
  );
}

function Standing(
  { chat, who, isKnown }: { chat: Chat; who: Shown; isKnown: boolean },
) {
  const { name, key } = who;
  if (chat.markOf({ ...who, is: isKnown ? "known" : "unknown" }) !== "other") {
    return (
      <p class="alarm" role="alert">
        This is not the key that you verified of{" "}
        {name}. It may be somebody else: compare the words anew.
      </p>
    );
  }
  if (key === undefined) {
    return isKnown ? <p>A guest, without a key.</p> : null;
  }
  return chat.isVerified(name, key)
    ? <p class="verified">You have verified this key.</p>
    : null;
}

function Facts({ whois }: { whois: Whois }) {
  const { rooms, since, idleMs, away, seen, role } = whois;
  const silent = durationText(idleMs - idleMs % MINUTE_MS);
  const facts = [
    ["Role", role ?? ""],
    ...seen === undefined
      ? [
        ["Here since", clockTime(since)],
        ["In", rooms.join(", ")],
        ["Silent for", silent],
      ]
      : [["Last seen", dayAndTime(seen)]],
    ["Away", away ?? ""],
  ].filter(([, text]) => text !== "");
  return (
    <dl class="facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a person can set, and whom they ignore and have verified. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { parseIgnored, withoutIgnored } from "../../memory/ignored.ts";
import type { Verified } from "../../memory/server_memory.ts";
import type { Chat } from "../model/chat.ts";
import { choicesOf, type SettingName } from "../model/settings.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";

/** What each does, and what its choices mean. */
const ROWS: { [Name in SettingName]?: { title: string; texts: string[] } } = {
  theme: { title: "Colours", texts: ["As the system", "Light", "Dark"] },
  sound: {
    title: "Sounds",
    texts: ["For private messages and my name", "None", "For every message"],
  },
  notify: {
    title: "Desktop notifications",
    texts: ["None", "For private messages and my name"],
  },
  coming: { title: "Who comes and goes", texts: ["Shown", "Hidden"] },
  typing: {
    title: "Others see that I am typing",
    texts: ["Yes", "No"],
  },
};

export function SettingsDialog({ chat }: { chat: Chat }) {
  const close = () => chat.dialog.value = undefined;
  return (
    <Dialog title="Settings" onClose={close}>
      <div class="form">
        {(Object.keys(ROWS) as SettingName[]).map((name) => (
          <Setting key={name} chat={chat} name={name} />
        ))}
      </div>
      <IgnoredPeople chat={chat} />
      <VerifiedPeople chat={chat} />
      <p class="small">
        Kept in this browser; your other tabs follow at once.
      </p>
    </Dialog>
  );
}

function Setting({ chat, name }: { chat: Chat; name: SettingName }) {
  const fault = useSignal<string | undefined>(undefined);
  const id = useId();
  const { title, texts } = ROWS[name]!;
  const choose = async (choice: string) => {
    const isAllowed = name !== "notify" || choice === "off" ||
      await mayNotify();
    fault.value = isAllowed ? undefined : NOT_ALLOWED;
    const taken = isAllowed ? choice : "off";
    chat.set(name, taken as Chat["settings"]["value"][typeof name]);
  };
  return (
    <label class="field">
      <span>{title}</span>
      <select
        aria-describedby={id}
        value={chat.settings.value[name]}
        onChange={({ currentTarget }) => void choose(currentTarget.value)}
      >
        {choicesOf(name).map((choice, at) => (
          <option key={choice} value={choice}>{texts[at]}</option>
        ))}
      </select>
      <Fault id={id} text={fault.value} />
    </label>
  );
}

const NOT_ALLOWED =
  "This browser does not allow notifications here: its settings for this page can change that.";

/** Asks the browser, which asks the person the first time. */
async function mayNotify(): Promise<boolean> {
  if (!("Notification" in globalThis)) return false;
  return await Notification.requestPermission() === "granted";
}

function IgnoredPeople({ chat }: { chat: Chat }) {
  const all = chat.ignored.value;
  return (
    <section class="kept">
      <h3>Ignored</h3>
      {all.length === 0 && <p class="small">Nobody.</p>}
      <ul>
        {all.map((line) => {
          const { name, key } = parseIgnored(line);
          const who = name ?? key!;
          const forget = () =>
            chat.setIgnored(withoutIgnored(chat.ignored.peek(), key ?? who));
          return (
            <Kept
              key={line}
              {...{ who, detail: key, forget, word: "Hear again" }}
            />
          );
        })}
      </ul>
    </section>
  );
}

function VerifiedPeople({ chat }: { chat: Chat }) {
  const all = chat.verified.value;
  const forget = (one: Verified) => () =>
    chat.changeVerified((before) =>
      before.filter(({ key, name }) => key !== one.key || name !== one.name)
    );
  return (
    <section class="kept">
      <h3>Verified</h3>
      {all.length === 0 && <p class="small">Nobody yet.</p>}
      <ul>
        {all.map((one) => (
          <Kept
            key={one.key}
            who={one.name}
            detail={`${one.key}, ${one.at.slice(0, 10)}`}
            word="Forget"
            forget={forget(one)}
          />
        ))}
      </ul>
    </section>
  );
}

interface KeptProps {
  who: string;
  detail: string | undefined;
  word: string;
  forget: () => void;
}

function Kept({ who, detail, word, forget }: KeptProps) {
  return (
    <li>
      <span class="who">
        {who}
        {detail !== undefined && detail !== who && (
          <span class="mono small">{detail}</span>
        )}
      </span>
      <button
        type="button"
        class="button"
        aria-label={`${word}: ${who}`}
        onClick={forget}
      >
        {word}
      </button>
    </li>
  );
}

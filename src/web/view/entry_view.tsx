/** The first visit: who one is, where to, and what lets one in. Later, what the server asks for. */
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { App } from "../app.ts";
import { ALL_ASKED, type Asked } from "../entry.ts";
import type { EntryScreen } from "../screen.ts";
import { Card, Fault, taking, UserName } from "./card.tsx";
import { ImportKey } from "./import_key.tsx";

interface EntryProps {
  app: App;
  screen: EntryScreen;
}

export function EntryView({ app, screen }: EntryProps) {
  const { entry, asked, fault, isBusy = false, isTriedAgain } = screen;
  const form = useRef<HTMLFormElement>(null);
  const isFirst = asked.length === ALL_ASKED.length;
  useEffect(() => {
    const at = asked.find((name) =>
      fault === undefined ? entry[name] === "" : fault.field === name
    );
    const field = at ?? (fault === undefined ? asked[0] : undefined);
    if (field === undefined) return;
    form.current!.querySelector<HTMLInputElement>(`[name=${field}]`)?.focus();
  }, [fault, asked]);
  const submit = taking((of) => {
    if (isBusy) return;
    const typed = {
      name: asked.includes("name") ? of("name").trim() : entry.name,
      room: asked.includes("room") ? of("room").trim() : entry.room,
      secret: asked.includes("secret") ? of("secret") : entry.secret,
    };
    void app.enter(typed, asked);
  });
  if (asked.length === 0 && isBusy) return <Coming />;
  return (
    <Card title={isFirst ? "Join the conversation" : "Welcome back"}>
      <NotKept app={app} />
      <form ref={form} class="form" onSubmit={submit} aria-busy={isBusy}>
        {!asked.includes("name") && asked.includes("secret") &&
          <UserName name={entry.name} />}
        {asked.map((name) => <Field key={name} name={name} screen={screen} />)}
        <Fault
          id="fault-form"
          text={fault?.field === "form" ? fault.text : undefined}
        />
        {isTriedAgain && (
          <p class="small">
            It is tried again, until it works.
          </p>
        )}
        <button class="button primary" type="submit" aria-disabled={isBusy}>
          {isBusy ? "Connecting…" : asked.length > 0 ? "Join" : "Try now"}
        </button>
      </form>
      {isFirst && <Elsewhere app={app} />}
    </Card>
  );
}

/** Nothing is asked: it does not take long. */
function Coming() {
  return (
    <main class="stage" aria-busy="true">
      <p class="coming" role="status">Connecting…</p>
    </main>
  );
}

/** Where the browser keeps nothing, the person has to. */
export function NotKept({ app }: { app: App }) {
  if (app.isKept.value) return null;
  return (
    <p class="hint">
      This browser keeps nothing here; perhaps the window is a private one. You
      can join, but your key is lost with this tab unless you take a copy along.
    </p>
  );
}

function Elsewhere({ app }: { app: App }) {
  const state = useSignal<"closed" | "open" | "done">("closed");
  switch (state.value) {
    case "closed":
      return (
        <button
          class="button quiet"
          type="button"
          onClick={() => state.value = "open"}
        >
          I have a key from another device
        </button>
      );
    case "open":
      return <ImportKey app={app} onDone={() => state.value = "done"} />;
    case "done":
      return <p role="status" class="hint">Your key is in this browser now.</p>;
  }
}

const FIELDS = {
  name: { label: "Your name", hint: "as others will see it" },
  room: { label: "Room", hint: "lobby" },
  secret: { label: "Password or invite", hint: "if the server asks for one" },
} as const;
const KINDS = {
  name: { type: "text", autocomplete: "username" },
  room: { type: "text", autocomplete: "off" },
  secret: { type: "password", autocomplete: "current-password" },
} as const;

function Field({ name, screen }: { name: Asked; screen: EntryScreen }) {
  const { entry, fault } = screen;
  const text = fault?.field === name ? fault.text : undefined;
  const { label, hint } = FIELDS[name];
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...KINDS[name]}
        id={id}
        name={name}
        placeholder={hint}
        defaultValue={entry[name]}
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={text !== undefined}
        aria-describedby={`fault-${name}`}
      />
      <Fault id={`fault-${name}`} text={text} />
    </div>
  );
}

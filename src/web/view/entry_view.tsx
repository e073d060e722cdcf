/** The first visit: who one is, where to, and what lets one in. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import type { App, Entry, EntryField, Screen } from "../app.ts";
import { Card, Fault } from "./card.tsx";
import { ImportKey } from "./import_key.tsx";

type EntryScreen = Extract<Screen, { kind: "entry" }>;

export function EntryView({ app, screen }: { app: App; screen: EntryScreen }) {
  const { entry, fault, isBusy = false } = screen;
  const isImporting = useSignal(false);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const of = (name: keyof Entry) => String(data.get(name) ?? "").trim();
    void app.enter({
      name: of("name"),
      room: of("room"),
      secret: of("secret"),
    });
  };
  return (
    <Card title="Join the conversation">
      <form class="form" onSubmit={submit} aria-busy={isBusy}>
        <Field
          name="name"
          label="Your name"
          hint="as others will see it"
          {...{ entry, fault }}
        />
        <Field name="room" label="Room" hint="lobby" {...{ entry, fault }} />
        <Field
          name="secret"
          label="Password or invite"
          hint="if the server asks for one"
          {...{ entry, fault }}
        />
        <Fault
          id="fault-form"
          text={fault?.field === "form" ? fault.text : undefined}
        />
        <button class="button primary" type="submit" disabled={isBusy}>
          {isBusy ? "Connecting…" : "Join"}
        </button>
      </form>
      {isImporting.value
        ? <ImportKey app={app} onDone={() => isImporting.value = false} />
        : (
          <button
            class="button quiet"
            type="button"
            onClick={() => isImporting.value = true}
          >
            I have a key from another device
          </button>
        )}
    </Card>
  );
}

const KINDS = {
  name: { type: "text", autocomplete: "username" },
  room: { type: "text", autocomplete: "off" },
  secret: { type: "password", autocomplete: "current-password" },
} as const;

interface FieldProps {
  name: keyof Entry;
  label: string;
  hint: string;
  entry: Entry;
  fault: EntryScreen["fault"];
}

function Field({ name, label, hint, entry, fault }: FieldProps) {
  const text = fault?.field === (name as EntryField) ? fault.text : undefined;
  return (
    <label class="field">
      <span>{label}</span>
      <input
        {...KINDS[name]}
        name={name}
        placeholder={hint}
        defaultValue={entry[name]}
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={text !== undefined}
        aria-describedby={`fault-${name}`}
      />
      <Fault id={`fault-${name}`} text={text} />
    </label>
  );
}

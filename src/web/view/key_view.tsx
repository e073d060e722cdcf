/** A new key: it can be taken along now, sealed by a passphrase, and never again. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import type { App } from "../app.ts";
import type { Chat } from "../model/chat.ts";
import type { NewIdentity } from "../storage/identity_store.ts";
import { Card, Fault, taking, Typed } from "./card.tsx";
import { NotKept } from "./entry_view.tsx";
import { Passphrase, Progress } from "./passphrase.tsx";

interface KeyProps {
  app: App;
  made: NewIdentity;
  chat: Chat;
}

export function KeyView({ app, made, chat }: KeyProps) {
  const sealed = useSignal<string | undefined>(undefined);
  return (
    <Card title="Your key">
      <p>
        {chat.name.value}{" "}
        is whoever has this key, which your browser has just made. Take a copy
        along, sealed by a passphrase: for another device, for a terminal, or
        for the day when this browser forgets it.
      </p>
      <NotKept app={app} />
      <p class="mono small">{chat.key.value}</p>
      {sealed.value === undefined
        ? <SealForm {...{ app, made, sealed }} />
        : <Sealed text={sealed.value} />}
      <div class="form">
        <button
          class={`button ${sealed.value === undefined ? "" : "primary"}`}
          type="button"
          onClick={() => app.keyDone(chat)}
        >
          {sealed.value === undefined ? "Not now" : "Go to the chat"}
        </button>
        {sealed.value === undefined && (
          <p class="small">
            Then only this browser has the key, and nobody can take it out
            later: if it is lost, so is your name.
          </p>
        )}
      </div>
    </Card>
  );
}

function SealForm(
  { app, made, sealed }: Pick<KeyProps, "app" | "made"> & {
    sealed: { value?: string | undefined };
  },
) {
  const fault = useSignal<string | undefined>(undefined);
  const done = useSignal<number | undefined>(undefined);
  const submit = taking((of) => {
    if (done.value !== undefined) return;
    const [words, again] = [of("words"), of("again")];
    // What is shown is typed once.
    if (again !== "" && again !== words) {
      fault.value = "That was not the same twice.";
      return;
    }
    fault.value = undefined;
    done.value = 0;
    app.exportKey(made, words, (part) => done.value = part).then(
      (text) => sealed.value = text,
      (error) => {
        fault.value = describeError(error);
        done.value = undefined;
      },
    );
  });
  return (
    <form class="form" onSubmit={submit} aria-busy={done.value !== undefined}>
      <Passphrase kind="new" />
      <Fault id="fault-key" text={fault.value} />
      {done.value !== undefined && (
        <Progress done={done.value} label="Sealing the key" />
      )}
      <button
        class="button primary"
        type="submit"
        aria-disabled={done.value !== undefined}
      >
        {done.value === undefined ? "Seal it" : "Sealing…"}
      </button>
    </form>
  );
}

function Sealed({ text }: { text: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const copied = useSignal("");
  useEffect(() => area.current!.focus(), []);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => copied.value = "It is copied.",
      () => {
        area.current!.select();
        copied.value = "It cannot be copied by itself; it is marked now.";
      },
    );
  return (
    <>
      <textarea
        ref={area}
        class="mono"
        rows={7}
        wrap="off"
        readOnly
        aria-label="Sealed key"
        value={text.trimEnd()}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <div class="row">
        <button class="button" type="button" onClick={copy}>Copy</button>
        <button class="button" type="button" onClick={() => download(text)}>
          Save as a file
        </button>
      </div>
      <p class="small" role="status">{copied.value}</p>
      <p class="small">
        In a terminal:{" "}
        <Typed>confab id --import confab-key.txt</Typed>. In another browser: “I
        have a key from another device”.
      </p>
    </>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "confab-key.txt";
  link.click();
  URL.revokeObjectURL(url);
}

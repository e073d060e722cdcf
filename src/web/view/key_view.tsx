/** A new key: it can be taken along now, sealed by a passphrase, and never again. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import type { App } from "../app.ts";
import type { Chat } from "../model/chat.ts";
import type { NewIdentity } from "../storage/identity_store.ts";
import { Card } from "./card.tsx";

export function KeyView(
  { app, made, chat }: { app: App; made: NewIdentity; chat: Chat },
) {
  const sealed = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    isBusy.value = true;
    sealed.value = await app.exportKey(made, String(data.get("words")));
    isBusy.value = false;
  };
  return (
    <Card title="Your key">
      <p>
        You are known by a key that this browser has just made. Sealed by a
        passphrase you can take it to another device, or to the terminal with
        {" "}
        <code>confab id --import</code>. This is the only time that it can be
        taken out.
      </p>
      {sealed.value === undefined
        ? (
          <form class="form" onSubmit={submit} aria-busy={isBusy}>
            <label class="field">
              <span>Passphrase</span>
              <input
                name="words"
                type="password"
                required
                autocomplete="new-password"
              />
            </label>
            <button class="button primary" type="submit" disabled={isBusy}>
              {isBusy ? "Sealing…" : "Show the sealed key"}
            </button>
          </form>
        )
        : (
          <textarea
            class="mono"
            rows={6}
            readOnly
            aria-label="Sealed key"
            value={sealed.value}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
      <button
        class="button"
        type="button"
        onClick={() => app.keyDone(chat)}
      >
        {sealed.value === undefined ? "Not now, and never" : "Go to the chat"}
      </button>
    </Card>
  );
}

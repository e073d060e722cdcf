/** Takes a key that was exported on another device. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { describeError } from "../../base/errors.ts";
import type { App } from "../app.ts";
import { Fault } from "./card.tsx";

export function ImportKey({ app, onDone }: { app: App; onDone: () => void }) {
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    isBusy.value = true;
    try {
      await app.importKey(String(data.get("key")), String(data.get("words")));
      onDone();
    } catch (error) {
      fault.value = describeError(error);
    }
    isBusy.value = false;
  };
  return (
    <form class="form inset" onSubmit={submit} aria-busy={isBusy}>
      <label class="field">
        <span>Sealed key</span>
        <textarea
          name="key"
          rows={5}
          required
          spellcheck={false}
          class="mono"
        />
      </label>
      <label class="field">
        <span>Passphrase</span>
        <input name="words" type="password" required autocomplete="off" />
      </label>
      <Fault id="fault-import" text={fault.value} />
      <button class="button" type="submit" disabled={isBusy}>
        Use this key
      </button>
    </form>
  );
}

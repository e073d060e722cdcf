/** Takes a key that was exported on another device. */
import { useSignal } from "@preact/signals";
import { describeError } from "../../base/errors.ts";
import type { App } from "../app.ts";
import { Fault, taking, Typed } from "./card.tsx";
import { Passphrase, Progress } from "./passphrase.tsx";

export function ImportKey({ app, onDone }: { app: App; onDone: () => void }) {
  const fault = useSignal<string | undefined>(undefined);
  const done = useSignal<number | undefined>(undefined);
  const submit = taking((of) => {
    if (done.value !== undefined) return;
    fault.value = undefined;
    done.value = 0;
    app.importKey(of("key"), of("words"), (part) => done.value = part).then(
      onDone,
      (error) => {
        fault.value = wordsOf(error);
        done.value = undefined;
      },
    );
  });
  return (
    <form
      class="form inset"
      onSubmit={submit}
      aria-busy={done.value !== undefined}
    >
      <p class="small">
        A terminal exports its key by <Typed>confab id --export</Typed>.
      </p>
      <label class="field">
        <span>Sealed key</span>
        <textarea
          name="key"
          rows={5}
          required
          spellcheck={false}
          autocapitalize="off"
          class="mono"
        />
      </label>
      <Passphrase kind="old" />
      {app.hasKey && (
        <label class="check">
          <input type="checkbox" name="replace" required />
          It takes the place of the key that is in this browser, which is lost
          with its name unless you have a copy
        </label>
      )}
      <Fault id="fault-import" text={fault.value} />
      {done.value !== undefined && (
        <Progress done={done.value} label="Opening the key" />
      )}
      <button
        class="button"
        type="submit"
        aria-disabled={done.value !== undefined}
      >
        {done.value === undefined ? "Use this key" : "Opening…"}
      </button>
    </form>
  );
}

/** The store says what is wrong with "it", which stands above. */
function wordsOf(error: unknown): string {
  const text = describeError(error);
  return text.startsWith("that ") ? text : `The sealed key ${text}`;
}

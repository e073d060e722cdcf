/** One's key in this browser: another one is taken, or all is forgotten. */
import { useSignal } from "@preact/signals";
import type { App } from "../app.ts";
import { Dialog } from "./dialog.tsx";
import { ImportKey } from "./import_key.tsx";

export function OwnBrowser({ app }: { app: App }) {
  const isSure = useSignal(false);
  if (!app.isKeyShown.value) return null;
  const screen = app.screen.value;
  const key = "chat" in screen ? screen.chat?.key.value : undefined;
  return (
    <Dialog
      title="Your key in this browser"
      onClose={() => app.isKeyShown.value = false}
    >
      <p class="mono small">{key}</p>
      <p>
        It can be used here, and not be taken out: only when it was made could
        it be copied.
      </p>
      <details>
        <summary>Take another key</summary>
        <ImportKey app={app} onDone={() => location.reload()} />
      </details>
      <details>
        <summary>Forget me on this browser</summary>
        <div class="form inset">
          <p>
            The key, the rooms, the drafts, the settings and the servers’ keys
            are erased here. Without a copy of the key nobody is you any more.
          </p>
          <label class="check">
            <input
              type="checkbox"
              checked={isSure.value}
              onChange={({ currentTarget }) =>
                isSure.value = currentTarget.checked}
            />
            I have a copy, or want none
          </label>
          <button
            class="button grave"
            type="button"
            disabled={!isSure.value}
            onClick={() => app.forgetMe()}
          >
            Forget me
          </button>
        </div>
      </details>
    </Dialog>
  );
}

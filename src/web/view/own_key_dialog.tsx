/** One's own fingerprint: others read it to verify. */
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import type { Chat } from "../model/chat.ts";
import { Dialog } from "./dialog.tsx";
import { Copy, Words } from "./words.tsx";

export function OwnKeyDialog({ chat }: { chat: Chat }) {
  const key = chat.key.value;
  const close = () => chat.dialog.value = undefined;
  return (
    <Dialog title="My fingerprint" onClose={close}>
      {key === undefined ? <p>You are a guest here, without a key.</p> : (
        <>
          <p>
            Who wants to be sure that it is you reads these words to you, or
            hears them from you.
          </p>
          <Words of={key} />
          <p class="mono small">{key}</p>
          <div class="row">
            <Copy text={wordsOfFingerprint(key)}>Copy the words</Copy>
            <Copy text={key}>Copy the fingerprint</Copy>
          </div>
        </>
      )}
    </Dialog>
  );
}

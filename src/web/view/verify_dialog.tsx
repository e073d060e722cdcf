/** Both fingerprints side by side: each reads the other's aloud, and says whether they fit. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import type { Chat } from "../model/chat.ts";
import { compare, type Comparison, confirm } from "../model/verification.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";
import { Words } from "./words.tsx";

export function VerifyDialog({ chat, name }: { chat: Chat; name: string }) {
  const shown = useSignal<Comparison | undefined>(undefined);
  const alarm = useSignal<string | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const close = () => chat.dialog.value = undefined;
  const attempt = async (what: () => Promise<void>) => {
    isBusy.value = true;
    fault.value = undefined;
    await what().catch((error) => fault.value = describeError(error));
    isBusy.value = false;
  };
  useEffect(() => {
    void attempt(async () => {
      const found = await compare(chat, name);
      shown.value = found;
      if (found.standing === "changed") alarm.value = CHANGED;
    });
  }, []);
  const yes = () =>
    attempt(async () => {
      const changed = await confirm(chat, shown.value!);
      if (changed === undefined) return close();
      shown.value = changed;
      alarm.value = SWAPPED;
    });
  return (
    <Dialog title={`Verify ${name}`} onClose={close} size="wide">
      <p>
        Read the words to each other, face to face or on the phone. When both
        are the same at the other end, nobody stands between you.
      </p>
      {alarm.value !== undefined && (
        <p class="alarm" role="alert">{alarm.value}</p>
      )}
      <Fault id="fault-verify" text={fault.value} />
      {shown.value !== undefined && (
        <>
          <div class="compared">
            <Side title="You" print={shown.value.own.key} />
            <Side
              title={shown.value.other.name}
              print={shown.value.other.key}
            />
          </div>
          <div class="row">
            <button
              class="button primary"
              type="button"
              disabled={isBusy.value}
              onClick={yes}
            >
              They are the same
            </button>
            <button class="button" type="button" onClick={close}>
              {shown.value.standing === "verified" ? "Close" : "Not now"}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

const CHANGED =
  "This is not the key that you verified before. It may be somebody else, or a new device: compare with care.";
const SWAPPED =
  "The key has changed while you compared. Nothing was remembered; these are the words of the other key.";

function Side({ title, print }: { title: string; print: string }) {
  return (
    <section aria-label={`Words of ${title}`}>
      <h3>{title}</h3>
      <Words of={print} />
      <p class="mono small">{print}</p>
    </section>
  );
}

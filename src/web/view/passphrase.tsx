/** A passphrase of a key: a new one is typed twice, or shown; an old one once. */
import { useSignal } from "@preact/signals";
import { UserName } from "./card.tsx";

const KINDS = {
  shown: { type: "text" },
  hidden: { type: "password" },
} as const;

/** It is kept under a name of its own: no browser is to fill it in where a server's password goes. */
export function Passphrase({ kind }: { kind: "new" | "old" }) {
  const isShown = useSignal(false);
  const fixed = {
    ...KINDS[isShown.value ? "shown" : "hidden"],
    autocomplete: kind === "new" ? "new-password" : "off",
    autocapitalize: "off",
    required: true,
    spellcheck: false,
  } as const;
  return (
    <>
      <UserName name="confab key" />
      <label class="field">
        <span>Passphrase</span>
        <input name="words" {...fixed} />
      </label>
      {kind === "new" && !isShown.value && (
        <label class="field">
          <span>The same again</span>
          <input name="again" {...fixed} />
        </label>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={isShown.value}
          onChange={({ currentTarget }) =>
            isShown.value = currentTarget.checked}
        />
        Show it
      </label>
    </>
  );
}

/** How far a key is sealed or opened; made slow for whoever guesses. */
export function Progress({ done, label }: { done: number; label: string }) {
  return <progress max={1} value={done} aria-label={label} />;
}

/** Eight words of a fingerprint, to read aloud; and the way to copy something. */
import { useSignal } from "@preact/signals";
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";

/** The words of `SHA256:…`; of what is no fingerprint there are none. */
export function Words({ of }: { of: string }) {
  if (!isFingerprint(of)) return null;
  return (
    <ol class="words">
      {wordsOfFingerprint(of).split("-").map((word, at) => (
        <li key={at}>{word}</li>
      ))}
    </ol>
  );
}

/** Copies a text; says so, or that the browser does not let it. */
export function Copy({ text, children }: { text: string; children: string }) {
  const said = useSignal("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = "Copied";
    } catch {
      said.value = "Not allowed: select it and copy";
    }
  };
  return (
    <span class="copy">
      <button class="button" type="button" onClick={copy}>{children}</button>
      <span role="status" class="small">{said.value}</span>
    </span>
  );
}

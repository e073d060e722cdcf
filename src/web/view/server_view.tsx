/** The server's key is not known yet: the person compares it with what whoever runs it reads. */
import type { App } from "../app.ts";
import type { Screen } from "../screen.ts";
import { Card } from "./card.tsx";

type ServerScreen = Extract<Screen, { kind: "server" }>;

export function ServerView(
  { app, screen }: { app: App; screen: ServerScreen },
) {
  const { fingerprint, words, entry, asked } = screen;
  return (
    <Card title="Is this the right server?">
      <p>
        Whoever runs it reads you these eight words; they are the same in a
        terminal. When they are the same, nobody stands between.
      </p>
      <WordList words={words} />
      <p class="mono small">{fingerprint}</p>
      <div class="row">
        <button
          class="button primary"
          type="button"
          onClick={() => app.trust(screen)}
        >
          They are the same
        </button>
        <button
          class="button"
          type="button"
          onClick={() => app.screen.value = { kind: "entry", entry, asked }}
        >
          Back
        </button>
      </div>
    </Card>
  );
}

/** The words of a fingerprint, as `wordsOfFingerprint` gives them. */
export function WordList({ words }: { words: string }) {
  return (
    <ol class="words">
      {words.split("-").map((word, at) => <li key={at}>{word}</li>)}
    </ol>
  );
}

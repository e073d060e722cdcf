/** The server's key is not known yet: the person compares it with what whoever runs it reads. */
import type { App, Screen } from "../app.ts";
import { Card } from "./card.tsx";

type ServerScreen = Extract<Screen, { kind: "server" }>;

export function ServerView(
  { app, screen }: { app: App; screen: ServerScreen },
) {
  const { fingerprint, words, entry } = screen;
  return (
    <Card title="Is this the right server?">
      <p>
        Whoever runs it reads you these eight words. When they are the same,
        nobody stands between.
      </p>
      <ol class="words">
        {words.split("-").map((word) => <li key={word}>{word}</li>)}
      </ol>
      <p class="mono small">{fingerprint}</p>
      <div class="row">
        <button
          class="button primary"
          type="button"
          onClick={() => app.trust(fingerprint, entry)}
        >
          They are the same
        </button>
        <button
          class="button"
          type="button"
          onClick={() => app.screen.value = { kind: "entry", entry }}
        >
          Back
        </button>
      </div>
    </Card>
  );
}

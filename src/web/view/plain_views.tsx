/** Screens on which there is little to do. */
import type { App, Screen } from "../app.ts";
import { Card } from "./card.tsx";

type Why = Extract<Screen, { kind: "unusable" }>["why"];

const WHYS: Record<Why, { title: string; text: string[] }> = {
  "insecure": {
    title: "This address is not safe enough",
    text: [
      "A browser seals nothing on a page that comes over plain HTTP from another machine.",
      "Whoever runs the server can start it with --tls self or with a certificate, and you open https:// here.",
      "Or bring the port to your own machine, ssh -L 5000:localhost:5000 HOST, and open http://localhost:5000/.",
      "Or join from a terminal: confab join HOST.",
    ],
  },
  "no-x25519": {
    title: "This browser is too old",
    text: [
      "It has no X25519. Chrome 133, Firefox 130, Safari 17 and later have it.",
      "Or join from a terminal: confab join HOST.",
    ],
  },
  "no-storage": {
    title: "This browser keeps nothing",
    text: [
      "Your key has to be kept in the browser's storage, which is not allowed here; perhaps the window is a private one.",
    ],
  },
};

export function UnusableView({ why }: { why: Why }) {
  const { title, text } = WHYS[why];
  return (
    <Card title={title}>{text.map((line) => <p key={line}>{line}</p>)}</Card>
  );
}

export function ChangedView({ app, text }: { app: App; text: string }) {
  return (
    <Card title="The server has another key">
      <p class="alarm" role="alert">{text}</p>
      <p>
        Somebody may stand between you and the server. Go on only if whoever
        runs it tells you that its key is another now.
      </p>
      <button class="button" type="button" onClick={() => app.forgetServer()}>
        They have confirmed it: compare the new key
      </button>
    </Card>
  );
}

export function OverView({ text }: { text: string }) {
  return (
    <Card title="Goodbye">
      <p>{text}</p>
      <button
        class="button primary"
        type="button"
        onClick={() => location.reload()}
      >
        Connect again
      </button>
    </Card>
  );
}

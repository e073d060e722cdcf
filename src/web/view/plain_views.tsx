/** Screens on which there is little to do. */
import type { ComponentChildren } from "preact";
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import type { App } from "../app.ts";
import type { Screen } from "../screen.ts";
import { Card, Typed } from "./card.tsx";
import { WordList } from "./server_view.tsx";

type ScreenOf<Kind> = Extract<Screen, { kind: Kind }>;

const CHAT_PORT = "5000";

interface UnusableProps {
  app: App;
  why: ScreenOf<"unusable">["why"];
  /** What stood behind `#` in the address. */
  link: string;
}

export function UnusableView({ app: { origin }, why, link }: UnusableProps) {
  const { hostname, host } = origin;
  const port = origin.port === "" ? "80" : origin.port;
  const target = port === CHAT_PORT ? hostname : `${hostname}:${port}`;
  const terminal = (
    <>
      In a terminal: <Typed>confab join {target}</Typed>
    </>
  );
  if (why === "no-x25519") {
    return (
      <Card title="This browser is too old">
        <p>
          It lacks X25519, by which your key is made. Chrome 133, Firefox 130,
          Safari 17 and all later ones have it.
        </p>
        <p>{terminal}</p>
      </Card>
    );
  }
  return (
    <Card title="This address is not safe enough">
      <p>
        A page that comes by plain HTTP from another machine can be changed on
        its way, so browsers give it no keys. There are three ways in:
      </p>
      <ol class="ways">
        <Way title="By TLS">
          <a href={`https://${host}/${link}`}>https://{host}/</a>, if whoever
          runs the server starts it with <Typed>--tls self</Typed>{" "}
          or a certificate
        </Way>
        <Way title="Through a tunnel">
          <Typed>ssh -L {port}:localhost:{port} {hostname}</Typed>, and open
          {" "}
          <a href={`http://localhost:${port}/${link}`}>
            http://localhost:{port}/
          </a>
        </Way>
        <Way title="Without a browser">{terminal}</Way>
      </ol>
    </Card>
  );
}

function Way(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <li>
      <h2>{title}</h2>
      <p>{children}</p>
    </li>
  );
}

export function ChangedView(
  { app, screen: { known, shown } }: { app: App; screen: ScreenOf<"changed"> },
) {
  return (
    <Card title="The server has another key">
      <p class="alarm" role="alert">
        Somebody may stand between you and the server. Go on only if whoever
        runs it tells you that its key is another now.
      </p>
      {known !== undefined && (
        <>
          <p>
            Since {known.firstSeen.toISOString().slice(0, 10)} it was
          </p>
          <WordList words={wordsOfFingerprint(known.fingerprint)} />
        </>
      )}
      <p>Now it is</p>
      <WordList words={wordsOfFingerprint(shown)} />
      <p class="mono small">{shown}</p>
      <button class="button" type="button" onClick={() => app.forgetServer()}>
        They have confirmed it: compare the new key
      </button>
    </Card>
  );
}

export function MismatchView(
  { app, screen }: { app: App; screen: ScreenOf<"mismatch"> },
) {
  const { promised, shown, entry } = screen;
  return (
    <Card title="The link is for another server">
      <p class="alarm" role="alert">
        The link names another key than this server has. Its secret was not
        shown to it.
      </p>
      <p>The link names</p>
      <WordList words={wordsOfFingerprint(promised)} />
      <p>This server is</p>
      <WordList words={wordsOfFingerprint(shown)} />
      <p>
        Ask whoever sent the link. It may be an old one, or somebody may stand
        between you and the server.
      </p>
      <button class="button" type="button" onClick={() => app.dropLink(entry)}>
        Go on without the link
      </button>
    </Card>
  );
}

export function OverView({ text }: { text: string }) {
  return (
    <Card title="You have left">
      <p role="status">{text}</p>
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

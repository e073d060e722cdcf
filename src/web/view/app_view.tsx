/** The screen that the page is at. */
import type { App } from "../app.ts";
import type { PageHost } from "../page_host.ts";
import { Announcer } from "./announcer.tsx";
import { ChatView } from "./chat_view.tsx";
import { EntryView } from "./entry_view.tsx";
import { KeyView } from "./key_view.tsx";
import { ChangedView, OverView, UnusableView } from "./plain_views.tsx";
import { ServerView } from "./server_view.tsx";

interface AppProps {
  app: App;
  host: PageHost;
}

export function AppView({ app, host }: AppProps) {
  return (
    <>
      <ScreenView app={app} />
      <Announcer spoken={host.spoken} />
    </>
  );
}

function ScreenView({ app }: { app: App }) {
  const screen = app.screen.value;
  switch (screen.kind) {
    case "starting":
      return <main class="stage" aria-busy="true" />;
    case "unusable":
      return <UnusableView why={screen.why} />;
    case "entry":
      return <EntryView app={app} screen={screen} />;
    case "server":
      return <ServerView app={app} screen={screen} />;
    case "changed":
      return <ChangedView app={app} text={screen.text} />;
    case "key":
      return <KeyView app={app} made={screen.made} chat={screen.chat} />;
    case "chat":
      return <ChatView chat={screen.chat} />;
    case "over":
      return <OverView text={screen.text} />;
  }
}

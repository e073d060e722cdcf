/** What lies over the chat: one dialog at most, and somebody's card. */
import type { Chat } from "../model/chat.ts";
import { InviteDialog } from "./invite_dialog.tsx";
import { OwnKeyDialog } from "./own_key_dialog.tsx";
import { PersonCard } from "./person_card.tsx";
import { QuestionDialog } from "./question_dialog.tsx";
import { RoomsDialog } from "./rooms_dialog.tsx";
import { SettingsDialog } from "./settings_dialog.tsx";
import { VerifyDialog } from "./verify_dialog.tsx";

export function PageDialogs({ chat }: { chat: Chat }) {
  const card = chat.card.value;
  return (
    <>
      {card !== undefined && <PersonCard key={card} chat={chat} shown={card} />}
      <OpenDialog chat={chat} />
    </>
  );
}

function OpenDialog({ chat }: { chat: Chat }) {
  const dialog = chat.dialog.value;
  switch (dialog?.kind) {
    case undefined:
      return null;
    case "question": {
      const { question } = dialog;
      return <QuestionDialog key={dialog} chat={chat} question={question} />;
    }
    case "verify":
      return <VerifyDialog key={dialog} chat={chat} name={dialog.name} />;
    case "settings":
      return <SettingsDialog chat={chat} />;
    case "rooms":
      return <RoomsDialog chat={chat} />;
    case "invite":
      return <InviteDialog chat={chat} />;
    case "own-key":
      return <OwnKeyDialog chat={chat} />;
  }
}

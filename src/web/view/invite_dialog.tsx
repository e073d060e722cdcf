/** A link that lets somebody into the server, for who keeps it. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { describeError } from "../../base/errors.ts";
import { renderInvite } from "../../text/render.ts";
import { pageLinkOf } from "../../wire/invite_link.ts";
import type { ServerMessage } from "../../wire/server.ts";
import type { Chat } from "../model/chat.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";
import { Copy } from "./words.tsx";

type Invite = Extract<ServerMessage, { type: "invite" }>;

export function InviteDialog({ chat }: { chat: Chat }) {
  const invite = useSignal<Invite | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const place = chat.current.peek();
  const room = place === undefined || place.isPrivate ? "" : place.name;
  const close = () => chat.dialog.value = undefined;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [room, time, uses] = ["room", "time", "uses"].map((name) =>
      String(data.get(name)).trim()
    );
    const args = `invite ${room} ${time} ${uses}`;
    fault.value = undefined;
    try {
      const answer = await chat.ask({ type: "command", name: "server", args });
      if (answer.type === "invite") invite.value = answer;
    } catch (error) {
      fault.value = describeError(error);
    }
  };
  return (
    <Dialog title="Invite somebody" onClose={close}>
      {invite.value === undefined
        ? (
          <form class="form" onSubmit={submit}>
            <Field name="room" label="Room where they start" value={room} />
            <Field name="time" label="Valid for (12h, 7d, 2w)" value="7d" />
            <Field name="uses" label="People it lets in" value="1" />
            <Fault id="fault-invite" text={fault.value} />
            <button class="button primary" type="submit">Make a link</button>
          </form>
        )
        : <Made invite={invite.value} />}
    </Dialog>
  );
}

function Field(
  { name, label, value }: { name: string; label: string; value: string },
) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        defaultValue={value}
        autocomplete="off"
        spellcheck={false}
      />
    </label>
  );
}

function Made({ invite }: { invite: Invite }) {
  const { link } = invite;
  const page = pageLink(link);
  return (
    <div class="form">
      <p>
        It{" "}
        {renderInvite(invite)}. Whoever has it comes in: send it to nobody else.
      </p>
      {page !== undefined && (
        <Link link={page} label="To open in a browser" word="Copy this link" />
      )}
      <Link
        link={link}
        label="For a terminal: confab join 'LINK'"
        word="Copy the terminal's link"
      />
    </div>
  );
}

function Link(
  { link, label, word }: { link: string; label: string; word: string },
) {
  return (
    <div class="field">
      <label class="field">
        <span>{label}</span>
        <textarea
          class="mono"
          readOnly
          rows={3}
          value={link}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      </label>
      <Copy text={link}>{word}</Copy>
    </div>
  );
}

/** The same for this page; one that comes over plain HTTP is for this machine alone. */
function pageLink(link: string): string | undefined {
  return location.protocol === "https:"
    ? pageLinkOf(link, location.origin)
    : undefined;
}

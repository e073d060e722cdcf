/** Goes to a room or a person by a few letters of the name. */
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { type Target, targetsFor } from "../model/switching.ts";
import { Dialog } from "./dialog.tsx";

export function Switcher(
  { chat, onClose }: { chat: Chat; onClose: () => void },
) {
  const id = useId();
  const words = useSignal("");
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    field.current!.focus();
    chat.ask({ type: "command", name: "list" }).then((answer) => {
      if (answer.type === "rooms") chat.rooms.value = answer.rooms;
    }, () => {
      // Then only the rooms are offered that are known.
    });
  }, []);
  const targets = targetsFor(chat, words.value);
  const { length } = targets;
  const take = (target: Target | undefined) => {
    if (target === undefined) return;
    onClose();
    target.go();
  };
  const press = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.isComposing) return;
    if (event.key === "Enter") take(targets[at.value]);
    else if (length === 0) return;
    else if (event.key === "ArrowDown") at.value = (at.value + 1) % length;
    else if (event.key === "ArrowUp") {
      at.value = (at.value + length - 1) % length;
    } else return;
    event.preventDefault();
    list.current?.children[at.value]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="A room or person"
        placeholder="A room or person…"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-expanded={length > 0}
        aria-autocomplete="list"
        aria-controls={id}
        aria-activedescendant={length > 0 ? `${id}-${at.value}` : undefined}
        onKeyDown={press}
        onInput={({ currentTarget: { value } }) => {
          words.value = value;
          at.value = 0;
        }}
      />
      <ul class="targets" id={id} ref={list} role="listbox" aria-label="Where">
        {targets.map((target, index) => (
          <li
            key={`${target.label} ${target.detail}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at.value}
            onClick={() => take(target)}
          >
            <span class="what">{target.label}</span>
            <span class="detail">{target.detail}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** A dialog over the page: the browser's own, which keeps the focus inside and ends with Escape. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** `wide` for what is more than a question. */
  size?: "narrow" | "wide";
}

export function Dialog({ title, onClose, children, size }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const closed = useRef(onClose);
  closed.current = onClose;
  useLayoutEffect(() => {
    const element = dialog.current!;
    const close = () => closed.current();
    element.addEventListener("close", close);
    element.showModal();
    return () => {
      // The focus goes back to where it was, and what replaces this dialog is not closed with it.
      element.removeEventListener("close", close);
      element.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${size ?? "narrow"}`}
      aria-labelledby={id}
      onClick={(event) => {
        // The ground around it is the dialog's own.
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="icon"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

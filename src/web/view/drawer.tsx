/** A panel at the side; on a narrow screen it comes over the rest, with a ground that closes it. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isNarrow } from "./narrow.ts";
import type { Panel } from "./panel.ts";

interface DrawerProps {
  as: "nav" | "aside";
  class: string;
  label: string;
  which: Panel;
  panel: Signal<Panel>;
  children: ComponentChildren;
}

/** What the focus can stand on. */
const FIRST = "button, input";

export function Drawer(props: DrawerProps) {
  const { as: Element, class: look, label, which, panel, children } = props;
  const whole = useRef<HTMLElement>(null);
  const isOver = isNarrow.value && panel.value === which;
  // At once: what is behind a drawer loses the focus a moment later.
  useLayoutEffect(() => {
    if (!isOver) return;
    const before = document.activeElement as HTMLElement | null;
    const current = whole.current!.querySelector<HTMLElement>("[aria-current]");
    (current ?? whole.current!.querySelector<HTMLElement>(FIRST))?.focus();
    return () => {
      // Where the focus went on by itself, into a dialog or to what one types, it stays.
      const { activeElement } = document;
      const isLost = activeElement === null || activeElement === document.body;
      if (isLost || whole.current?.contains(activeElement)) before?.focus();
    };
  }, [isOver]);
  return (
    <>
      {isOver && (
        <div
          class="ground"
          aria-hidden="true"
          onClick={() => panel.value = "none"}
        />
      )}
      <Element
        ref={whole as never}
        class={look}
        aria-label={label}
        inert={isNarrow.value && !isOver}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Escape" || !isOver) return;
          event.preventDefault();
          panel.value = "none";
        }}
      >
        {children}
      </Element>
    </>
  );
}

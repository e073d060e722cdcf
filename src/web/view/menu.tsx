/** A menu that opens at a button, by the pattern of ARIA: arrows move, Escape goes back. */
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

export interface MenuItem {
  readonly text: string;
  /** Cannot be taken back, or is against somebody. */
  readonly isGrave?: boolean;
  run(): void;
}

interface MenuProps {
  /** What the button says to who cannot see it. */
  label: string;
  items: readonly MenuItem[];
  /** What the button shows. */
  children: ComponentChildren;
  /** Whether that says it to everybody: then the label is the menu's alone. */
  shows?: "drawing" | "words";
  class?: string;
}

export function Menu(props: MenuProps) {
  const { label, items, children, class: look, shows } = props;
  const isOpen = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = (focus: "back" | "stays") => {
    isOpen.value = false;
    if (focus === "back") button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!isOpen.value) return;
    putBeside(menu.current!, button.current!);
    entriesOf(menu.current!)[0]?.focus();
    const outside = (event: Event) => {
      if (!whole.current!.contains(event.target as Node)) close("stays");
    };
    const gone = () => close("stays");
    document.addEventListener("pointerdown", outside);
    globalThis.addEventListener("resize", gone);
    return () => {
      document.removeEventListener("pointerdown", outside);
      globalThis.removeEventListener("resize", gone);
    };
  }, [isOpen.value]);
  return (
    <div class="menu-of" ref={whole}>
      <button
        ref={button}
        type="button"
        class={look}
        aria-label={shows === "words" ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-controls={id}
        onClick={() => isOpen.value = !isOpen.value}
      >
        {children}
      </button>
      {isOpen.value && (
        <div
          ref={menu}
          class="menu"
          popover="manual"
          id={id}
          role="menu"
          aria-label={label}
          onKeyDown={(event) => move(event, close)}
        >
          {items.map(({ text, isGrave, run }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={isGrave ? "grave" : ""}
              onClick={() => {
                close("back");
                run();
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Pixels between a menu, its button, and the edges of the window. */
const GAP = 4;

/** Above everything, at its button, and wholly in the window: no list that scrolls cuts it off. */
function putBeside(menu: HTMLElement, button: HTMLElement): void {
  menu.showPopover();
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const under = bottom + GAP;
  const fits = under + height + GAP <= innerHeight;
  const y = fits ? under : Math.max(GAP, top - GAP - height);
  const x = left + width + GAP <= innerWidth ? left : right - width;
  menu.style.top = `${y}px`;
  menu.style.left = `${Math.max(GAP, x)}px`;
}

function entriesOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function move(
  event: TargetedKeyboardEvent<HTMLDivElement>,
  close: (focus: "back" | "stays") => void,
): void {
  const entries = entriesOf(event.currentTarget);
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = new Map([
    ["ArrowDown", (at + 1) % entries.length],
    ["ArrowUp", (at - 1 + entries.length) % entries.length],
    ["Home", 0],
    ["End", entries.length - 1],
  ]).get(event.key);
  if (event.key === "Tab") return close("stays");
  if (event.key !== "Escape" && to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (to === undefined) close("back");
  else entries[to]?.focus();
}

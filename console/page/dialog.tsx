import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** A question in front of the page, which has to be answered or left (Esc) first. */
export function Dialog({
  title,
  onLeave,
  children,
}: {
  readonly title: string;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    // By itself a browser goes to the first thing that can be pressed, and on a small screen past what is asked.
    if (element.current?.querySelector("input") === null) heading.current?.focus({ preventScroll: true });
    element.current?.scrollTo(0, 0);
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onLeave();
      }}
    >
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/**
 * A heading that takes the focus once `done` has changed, where what was pressed is gone or can no longer be pressed: whoever uses the keyboard would have to begin
 * at the top of the page.
 */
export function useFocusAfter(done: unknown) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(done);
  useEffect(() => {
    const active = document.activeElement;
    const isLost = active === null || active === document.body;
    if (done !== before.current && isLost) heading.current?.focus({ preventScroll: true });
    before.current = done;
  }, [done]);
  return heading;
}

/** What has the focus from the beginning, if it is `focused`: what was pressed to come here is gone. */
export function useFocusAtFirst<Element extends HTMLElement>(focused: boolean) {
  const element = useRef<Element>(null);
  useEffect(() => {
    if (focused) element.current?.focus();
  }, []);
  return element;
}

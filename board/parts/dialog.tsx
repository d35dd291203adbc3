import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from './app-context.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** The browser's own dialog: keeps the focus within, closes by Escape, gives the focus back. */
export function Dialog({ title, onClose, children, ...props }: DialogProps) {
  const { texts } = useApp();
  const element = useRef<HTMLDialogElement>(null);
  // Before the next key comes, which may belong into the dialog already.
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const closeOutside = (event: MouseEvent): void => {
    if (event.target === element.current) onClose();
  };
  return (
    <dialog ref={element} class={props.class} aria-label={title} onClose={onClose} onClick={closeOutside}>
      <div class="dialog-body">
        <header>
          <h2>{title}</h2>
          <button type="button" class="quiet" aria-label={texts.close} onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

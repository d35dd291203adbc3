import { useEffect, useState } from 'preact/hooks';
import { useKeys, type KeyBindings } from './keys.ts';

export interface Rows {
  /** Where the keys are; -1: nowhere yet. */
  readonly at: number;
  readonly selected: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  readonly clear: () => void;
}

/** Keys over a list: j and k go along it, Enter opens, x selects; and what else the page binds. */
export function useRows(ids: readonly string[], onOpen: (id: string) => void, more: KeyBindings = {}): Rows {
  const [at, setAt] = useState(-1);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void =>
    setSelected(
      (before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]),
    );
  const chosen = ids[at];
  useKeys({
    j: () => setAt(Math.min(ids.length - 1, at + 1)),
    k: () => setAt(Math.max(0, at - 1)),
    Enter: () => {
      // A link or a button that has the focus does what it is for.
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && focused.matches('a, button, summary')) focused.click();
      else if (chosen !== undefined) onOpen(chosen);
    },
    x: () => {
      if (chosen !== undefined) toggle(chosen);
    },
    ...more,
  });
  useEffect(() => {
    document.querySelector('tr.chosen')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const listed = new Set(ids);
  return {
    at,
    selected: new Set([...selected].filter((id) => listed.has(id))),
    toggle,
    clear: () => setSelected(new Set()),
  };
}

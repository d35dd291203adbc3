import { useLayoutEffect, useRef } from 'preact/hooks';

/** By key, such as `j`, `?`, `Enter`; two letters (`g i`) are pressed one after the other. */
export type KeyBindings = Readonly<Record<string, () => void>>;

const SECOND_KEY_MS = 1_500;

/** Turns presses into what is bound to them. A first key waits for its second one. Pure but for what it remembers. */
export class KeyReader {
  #first = '';
  #firstAtMs = 0;

  /** The name of the binding that this press completes; undefined: none. */
  press(key: string, nowMs: number, names: readonly string[]): string | undefined {
    const pair = `${this.#first} ${key}`;
    const isSecond = this.#first !== '' && nowMs - this.#firstAtMs <= SECOND_KEY_MS;
    this.#first = '';
    if (isSecond && names.includes(pair)) return pair;
    if (names.some((name) => name.startsWith(`${key} `))) {
      this.#first = key;
      this.#firstAtMs = nowMs;
      return undefined;
    }
    return names.includes(key) ? key : undefined;
  }
}

/** Keys of the whole page, while the view is there; not while somebody types, nor under a dialog. */
export function useKeys(bindings: KeyBindings): void {
  const current = useRef(bindings);
  current.current = bindings;
  // Not a frame later: who sees what a key is for may press it.
  useLayoutEffect(() => {
    const reader = new KeyReader();
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const name = reader.press(event.key, event.timeStamp, Object.keys(current.current));
      if (name === undefined) return;
      event.preventDefault();
      current.current[name]?.();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
}

/** A value that others watch. */
export interface Watched<T> {
  get(): T;
  /** Called after each change; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** Tells whoever watches it only when the value is another one. */
export class Cell<T> implements Watched<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * One answer for all who have asked by the time it is made, which is when everything that has arrived is read: nobody is told what was true
 * before the question, and a hundred boards that ask at once, again and again in a storm, cost as much as a few.
 */
export class SharedAnswer<T> {
  #next: Promise<T> | undefined;

  /** `make` of the first who asks is called for all of them. Rejects with what it throws. */
  ask(make: () => T): Promise<T> {
    this.#next ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#next = undefined;
      return make();
    });
    return this.#next;
  }
}

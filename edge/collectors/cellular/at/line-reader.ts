export const MAX_LINE_BYTES = 4_096;

/** Splits bytes into lines at any line ending; buffers at most one line. */
export class LineReader {
  #line = '';
  #isTooLong = false;

  /** Complete lines without blanks around them, empty ones left out. undefined stands for a line that was too long. */
  push(bytes: Buffer): readonly (string | undefined)[] {
    const lines: (string | undefined)[] = [];
    const parts = bytes.toString('latin1').split(/[\r\n]/);
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#add(part);
      const line = this.#line.trim();
      if (this.#isTooLong) lines.push(undefined);
      else if (line !== '') lines.push(line);
      this.#line = '';
      this.#isTooLong = false;
    }
    this.#add(last);
    return lines;
  }

  /** The current line is longer than any that a modem sends. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  clear(): void {
    this.#line = '';
    this.#isTooLong = false;
  }

  #add(part: string): void {
    if (this.#isTooLong || part === '') return;
    if (this.#line.length + part.length > MAX_LINE_BYTES) {
      this.#isTooLong = true;
      this.#line = '';
    } else this.#line += part;
  }
}

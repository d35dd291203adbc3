/** One event of a stream, or a sign of life without one. */
export interface StreamEvent {
  /** '' for a comment, or a line that only sets the id. */
  readonly name: string;
  readonly data: string;
  /** The last id that the stream gave; '' before the first. */
  readonly id: string;
}

/** Longer ones come from nobody who speaks this protocol. */
const MAX_BUFFER_CHARS = 4 * 1024 * 1024;

/** Server-Sent Events (HTML Living Standard, 9.2.6) from text in any pieces. The browser's own reader hides comments, our heartbeats. */
export class SseParser {
  #rest = '';
  #id = '';

  /** What this piece completes. Throws when a line never ends. */
  push(piece: string): StreamEvent[] {
    this.#rest += piece.replaceAll('\r\n', '\n');
    if (this.#rest.length > MAX_BUFFER_CHARS) throw new Error('the event stream is not one');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map((block) => this.#read(block));
  }

  #read(block: string): StreamEvent {
    let name = '';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.#id = value;
    }
    return { name, data: data.join('\n'), id: this.#id };
  }
}

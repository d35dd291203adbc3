/** How often the board asks for the city without an event. */
const EVERY_MS = 15_000;

/** One board on its first page, as far as central sees it: it logs in, reads the stream, and asks for the city anew after events. */
export class OpenBoard {
  readonly counts = { streamBytes: 0, events: 0, answers: 0 };
  readonly #url: string;
  readonly #token: string;
  readonly #closing = new AbortController();
  #cookie = '';
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #wants = false;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async open(): Promise<void> {
    const login = await fetch(`${this.#url}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-wardwatch-board': '1', origin: this.#url },
      body: JSON.stringify({ token: this.#token }),
    });
    if (!login.ok) throw new Error(`login: ${await login.text()}`);
    this.#cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const stream = await this.#get('/api/v1/events');
    if (!stream.ok || stream.body === null) throw new Error(`events: ${stream.status}`);
    void this.#read(stream.body).catch(() => undefined);
    this.#timer = setInterval(() => void this.#refresh(), EVERY_MS);
    await this.#refresh();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  #get(path: string): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      headers: { cookie: this.#cookie },
      signal: this.#closing.signal,
    });
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      this.counts.streamBytes += chunk.length;
      const events = decoder.decode(chunk, { stream: true }).split('\nevent: ').length - 1;
      this.counts.events += events;
      if (events > 0) void this.#refresh();
    }
  }

  /** A burst of events is one question, and at most one a second. */
  async #refresh(): Promise<void> {
    this.#wants = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#wants && !this.#closing.signal.aborted) {
      this.#wants = false;
      await this.#get('/api/v1/city')
        .then((answer) => answer.arrayBuffer())
        .then(() => this.counts.answers++)
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    this.#isAsking = false;
  }
}

import type { Answers, Bodies } from './answers.ts';
import { Cell, type Watched } from '../store/cell.ts';
import type { Time } from '../store/time.ts';
import { ApiProblem, problemOf } from './problem.ts';

export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** `{id}` of a path gets its value from `params`. */
export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: QueryValues;
}

/** A longer wait than a slow line needs; what central does not answer by then it will not. */
const TIMEOUT_MS = 20_000;
/** Central takes a write by cookie only with it: a form of another site cannot send it. */
const WRITE_HEADERS = { 'x-wardwatch-board': '1' };

/** Speaks to central's API with the session's cookie. All methods reject with an `ApiProblem`. */
export class ApiClient {
  readonly #fetch: Fetch;
  readonly #time: Pick<Time, 'after'>;
  readonly #onSessionOver: () => void;
  readonly #isAnswered = new Cell(false);

  /** `onSessionOver`: an answer said that nobody is logged in. */
  constructor(fetch: Fetch, time: Pick<Time, 'after'>, onSessionOver: () => void) {
    this.#fetch = fetch;
    this.#time = time;
    this.#onSessionOver = onSessionOver;
  }

  /** Whether any question has been answered yet, however. */
  get isAnswered(): Watched<boolean> {
    return this.#isAnswered;
  }

  /** A path of the generated list, so that the type of its answer is known. */
  async get<P extends keyof Answers>(path: P, asked: Asked = {}, signal?: AbortSignal): Promise<Answers[P]> {
    return this.#inTime(signal, async (ending) => {
      const response = await this.#ask(pathOf(path, asked), { method: 'GET', signal: ending });
      if (path === '/readyz' && response.status === 503) return (await checksOf(response)) as Answers[P];
      return (await (await this.#answered(response)).json()) as Answers[P];
    });
  }

  /** Undefined: an answer without content. */
  async write<W extends keyof Bodies>(name: W, body: Bodies[W], asked: Asked = {}): Promise<unknown> {
    const [method = '', path = ''] = name.split(' ');
    return this.#inTime(undefined, async (signal) => {
      const response = await this.#answered(
        await this.#ask(pathOf(path, asked), {
          method,
          signal,
          headers: {
            ...WRITE_HEADERS,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
      return response.status === 204 ? undefined : ((await response.json()) as unknown);
    });
  }

  /** A file as it is, such as YAML or CSV. */
  async upload(path: string, file: Blob, type: string, asked: Asked): Promise<unknown> {
    return this.#inTime(undefined, async (signal) => {
      const headers = { ...WRITE_HEADERS, 'content-type': type };
      const init = { method: 'POST', signal, headers, body: file };
      return (await (await this.#answered(await this.#ask(pathOf(path, asked), init))).json()) as unknown;
    });
  }

  /** A write whose answer is read while it comes; the caller ends it by its signal. */
  async openWrite<W extends keyof Bodies>(
    name: W,
    body: Bodies[W],
    asked: Asked,
    signal: AbortSignal,
  ): Promise<Response> {
    const [method = '', path = ''] = name.split(' ');
    const headers = { ...WRITE_HEADERS, 'content-type': 'application/json' };
    const init = { method, signal, headers, body: JSON.stringify(body) };
    return this.#answered(await this.#ask(pathOf(path, asked), init));
  }

  /** For what is read while it comes; the caller ends it by its signal. */
  async open(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    return this.#answered(await this.#ask(path, { method: 'GET', headers, signal }));
  }

  /** The time counts until the body is read: an answer can stop in its middle. */
  async #inTime<T>(caller: AbortSignal | undefined, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = this.#time.after(TIMEOUT_MS, () =>
      late.abort(new ApiProblem(0, 'NOT_REACHED', `no answer in ${TIMEOUT_MS / 1_000} s`)),
    );
    try {
      return await read(caller === undefined ? late.signal : AbortSignal.any([caller, late.signal]));
    } finally {
      cancel();
      this.#isAnswered.set(true);
    }
  }

  async #ask(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
    try {
      return await this.#fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' });
    } catch (error) {
      if (init.signal.aborted) throw error;
      throw new ApiProblem(0, 'NOT_REACHED', error instanceof Error ? error.message : 'not reached');
    }
  }

  async #answered(response: Response): Promise<Response> {
    if (response.ok) return response;
    if (response.status === 401) this.#onSessionOver();
    const retryAfterS = Number(response.headers.get('retry-after') ?? '0');
    throw problemOf(response.status, await response.text().catch(() => ''), retryAfterS);
  }
}

/** Central is there and says in the body what is broken; a 503 without checks is one of a proxy. */
async function checksOf(response: Response): Promise<Answers['/readyz']> {
  const text = await response.text();
  const checks = readChecks(text);
  if (checks === undefined) throw problemOf(response.status, text);
  return checks;
}

/** Pure. */
function readChecks(text: string): Answers['/readyz'] | undefined {
  try {
    const value = JSON.parse(text) as Partial<Answers['/readyz']> | null;
    return Array.isArray(value?.checks) ? { ready: false, checks: value.checks } : undefined;
  } catch {
    return undefined;
  }
}

/** With the values of `{…}` and the query, both encoded; parameters without a value are left out. Pure. */
export function pathOf(path: string, { params = {}, query = {} }: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

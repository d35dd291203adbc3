import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a login that is under way needs to know again when the browser comes back. */
const flowSchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Where the person wanted to go. */
  to: z.string(),
  startedAtMs: z.int(),
});
export type LoginFlow = Readonly<z.infer<typeof flowSchema>>;

export const FLOW_LIFETIME_MS = 10 * 60_000;
const MAX_CHARS = 4_096;
/** Of answers that were tried, and of those that the provider has confirmed: nobody can push the latter out with others. */
const MAX_KEPT = 10_000;

/**
 * Logins that are under way, each kept by its own browser in a cookie with a seal, so that nobody can fill central with them. The key lives
 * as long as the process; an answer is tried once.
 */
export class LoginFlows {
  readonly #key = randomBytes(32);
  /** States of answers, with when they would end anyway. */
  readonly #tried = new Map<string, number>();
  readonly #confirmed = new Map<string, number>();

  seal(flow: LoginFlow): string {
    const text = Buffer.from(JSON.stringify(flow), 'utf8').toString('base64url');
    return `${text}.${this.#sign(text)}`;
  }

  /** undefined: not ours, too old, or used already. */
  open(sealed: string | undefined, nowMs: number): LoginFlow | undefined {
    if (sealed === undefined || sealed.length > MAX_CHARS) return undefined;
    const [text = '', seal = ''] = sealed.split('.');
    const [given, expected] = [Buffer.from(seal), Buffer.from(this.#sign(text))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const { data } = flowSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (data === undefined || data.startedAtMs + FLOW_LIFETIME_MS <= nowMs) return undefined;
    return this.#isUsed(data.state) ? undefined : data;
  }

  /** Before the provider is asked about the answer. False: one was tried already. */
  use(flow: LoginFlow, nowMs: number): boolean {
    if (this.#isUsed(flow.state)) return false;
    keep(this.#tried, flow, nowMs);
    return true;
  }

  /** The provider has confirmed the answer. */
  confirm(flow: LoginFlow, nowMs: number): void {
    keep(this.#confirmed, flow, nowMs);
  }

  #isUsed(state: string): boolean {
    return this.#tried.has(state) || this.#confirmed.has(state);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

function keep(states: Map<string, number>, { state, startedAtMs }: LoginFlow, nowMs: number): void {
  // In the order of their use, so those that come first are old, or are pushed out.
  for (const [each, endsAtMs] of states) {
    if (endsAtMs > nowMs && states.size < MAX_KEPT) break;
    states.delete(each);
  }
  states.set(state, startedAtMs + FLOW_LIFETIME_MS);
}

/** Where a login may lead: a path of this server, whatever a link says. Pure. */
export function ownPathOf(to: unknown): string {
  if (typeof to !== 'string' || to.length > 1_000) return '/';
  // Browsers read a backslash as a slash, and leave out tabs and line breaks.
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to) ? to : '/';
}

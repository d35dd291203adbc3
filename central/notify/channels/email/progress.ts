import type { Outcome } from '../channel.ts';
import type { Refusal, SendingResult } from './smtp-result.ts';

/** How far one message has come, over all its attempts. */
export interface Progress {
  readonly key: string;
  readonly taken: readonly string[];
  /** Those that will not get it. */
  readonly refusals: readonly Refusal[];
  /** Unix ms; undefined: nobody has it yet. */
  readonly firstTakenAtMs?: number;
}

/** What is not taken by then for some recipients does not hold up the next message to the others any longer. */
const HELD_UP_MS = 120_000;

export function noProgress(key: string): Progress {
  return { key, taken: [], refusals: [] };
}

/** Pure. Who is still to get it. */
export function recipientsLeft(to: readonly string[], { taken, refusals }: Progress): readonly string[] {
  const done = new Set([...taken, ...refusals.map(({ recipient }) => recipient)]);
  return to.filter((recipient) => !done.has(recipient));
}

/** Pure. What an attempt means for the whole message. Without progress: the next attempt is for all recipients. */
export function afterAttempt(
  before: Progress,
  result: SendingResult,
  nowMs: number,
): { readonly outcome: Outcome; readonly progress?: Progress } {
  const taken = [...before.taken, ...result.taken];
  const refusals = [...before.refusals, ...result.refusals.filter(({ isFinal }) => isFinal)];
  const deferred = result.refusals.filter(({ isFinal }) => !isFinal);
  if (taken.length === 0) {
    const answer = refusalText([...refusals, ...deferred]);
    if (deferred.length === 0) return { outcome: { kind: 'refused', answer } };
    return { outcome: { kind: 'failed', answer }, progress: { ...before, refusals } };
  }
  const { firstTakenAtMs = nowMs } = before;
  const others = [...refusals, ...deferred];
  const text = result.answer ?? 'taken before';
  const answer = others.length === 0 ? text : `${text}; not for ${namedRefusals(others)}`;
  // Also where the clock was set back.
  const isHeldUp = Math.abs(nowMs - firstTakenAtMs) < HELD_UP_MS;
  if (deferred.length === 0 || !isHeldUp) return { outcome: { kind: 'delivered', answer } };
  return { outcome: { kind: 'failed', answer }, progress: { ...before, taken, refusals, firstTakenAtMs } };
}

/** Without names where all were told the same. */
function refusalText(refusals: readonly Refusal[]): string {
  const [first, ...more] = new Set(refusals.map(({ answer }) => answer));
  return more.length === 0 && refusals.length > 1 ? (first ?? '') : namedRefusals(refusals);
}

/** Such as `a@example.vn, b@example.vn: 550 no such user`. */
function namedRefusals(refusals: readonly Refusal[]): string {
  const byAnswer = new Map<string, string[]>();
  for (const { recipient, answer } of refusals)
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), recipient]);
  return [...byAnswer].map(([answer, recipients]) => `${recipients.join(', ')}: ${answer}`).join('; ');
}

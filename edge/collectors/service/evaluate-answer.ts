import { ProbeFailure } from '../../protocols/probe-failure.ts';

/** A body is read no further than this. */
export const MAX_BODY_BYTES = 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** As announced, or else as read. */
  readonly contentBytes: number;
  /** Its body; empty unless requested. */
  readonly text: string;
  /** There was more than MAX_BODY_BYTES. */
  readonly isCut: boolean;
  /** Rules of HTTP that it breaks, though browsers take it. */
  readonly oddities: readonly string[];
}

export interface HttpExpectation {
  /** Without it: 200 to 299. */
  readonly expectStatus?: readonly number[] | undefined;
  readonly bodyContains?: string | undefined;
}

export function isExpectedStatus(status: number, expectStatus: readonly number[] | undefined): boolean {
  return expectStatus === undefined ? status >= 200 && status <= 299 : expectStatus.includes(status);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Target of a redirect; undefined: none. Throws a ProbeFailure when no browser could follow it. Pure. */
export function redirectTarget(answer: HttpAnswer, from: URL): URL | undefined {
  if (!REDIRECTS.has(answer.status) || answer.location === undefined) return undefined;
  const target = URL.canParse(answer.location, from.href) ? new URL(answer.location, from.href) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol) || target.hostname === '') {
    const shown = JSON.stringify(answer.location.slice(0, 100));
    throw new ProbeFailure('status', `redirects to ${shown}, expected an http or https address`);
  }
  return target;
}

/** undefined: as expected. Texts are compared in one Unicode form (NFC), because Vietnamese letters have several. Pure. */
export function evaluateAnswer(answer: HttpAnswer, expected: HttpExpectation): ProbeFailure | undefined {
  if (!isExpectedStatus(answer.status, expected.expectStatus)) {
    const wanted = expected.expectStatus?.join(' or ') ?? '200 to 299';
    return new ProbeFailure('status', `status ${answer.status}, expected ${wanted}`);
  }
  if (expected.bodyContains === undefined || hasText(answer, expected.bodyContains)) return undefined;
  const where = answer.isCut ? `the first ${MAX_BODY_BYTES} bytes of the body` : 'the body';
  const text = JSON.stringify(expected.bodyContains.slice(0, 60));
  return new ProbeFailure('text', `${text} is not in ${where}`);
}

export function hasText(answer: HttpAnswer, text: string): boolean {
  return answer.text.normalize('NFC').includes(text.normalize('NFC'));
}

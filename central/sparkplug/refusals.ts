import type { SampleIntake } from '../ingest/adapters/sample-intake.ts';
import { describeParts, type Refused } from './birth-certificates.ts';
import type { NodeMessage } from './session.ts';
import type { SparkplugTopic } from '../../contract/sparkplug/topic.ts';

/** A message's name for people. */
export function nameOf({ type, group, node, device }: SparkplugTopic): string {
  return `${type} ${group}/${node}${device === undefined ? '' : `/${device}`}`;
}

/** A metric without a place in the catalogue is reported at its birth and only counted afterwards. */
export function splitKnown(
  refused: readonly Refused[],
  isBirth: boolean,
): readonly (readonly [isKnown: boolean, parts: readonly Refused[]])[] {
  const known = isBirth ? [] : refused.filter(({ code }) => code === 'unmapped');
  return [
    [true, known],
    [false, refused.filter((part) => !known.includes(part))],
  ];
}

/** Without `parts` the whole message is refused, and kept unchanged. */
export interface MessageRefusal {
  readonly code: string;
  readonly reason: string;
  readonly parts?: readonly Refused[];
}

/** Counts the refusal, and puts it into the quarantine unless it was reported before. */
export function refuse(
  intake: SampleIntake,
  agent: string,
  { topic, bytes }: NodeMessage,
  { code, reason, parts }: MessageRefusal,
): void {
  const known = { agent, code: `sparkplug-${code}` };
  if (parts === undefined) {
    intake.refuse({ ...known, reason: `${nameOf(topic)}: ${reason}`, payload: bytes });
  } else if (parts.every((part) => part.isKnown === true)) {
    intake.countRefused(known.code, parts.length);
  } else {
    const raw = parts.map((part) => part.about ?? part.reason);
    const text = `${nameOf(topic)}: ${describeParts(parts)}`;
    intake.refuse({ ...known, reason: text, values: parts.length, raw });
  }
}

/** One thing that a device told, whatever the protocol. */
export interface DeviceEvent {
  /** Always the same word for the same, such as `link_down`. */
  readonly type: string;
  /** What it is about, such as a port. */
  readonly subject?: string | undefined;
  /** RFC 5424: 0 (emergency) to 7 (debug). */
  readonly severityCode: number;
  readonly message: string;
  /** Of syslog: RFC 5424, 0 to 23. */
  readonly facility?: number | undefined;
}

const MAX_TYPE_CHARS = 64;
const MAX_SUBJECT_CHARS = 64;
const MAX_MESSAGE_CHARS = 256;

/** On one line, without what a terminal acts on. Pure. */
export function fitText(text: string, maxChars: number): string {
  // Cut before the costly part, and once more after it.
  const line = text
    .slice(0, 4 * maxChars)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim();
  return line.length <= maxChars ? line : Array.from(line).slice(0, maxChars).join('').trim();
}

/** Pure. */
export function fitEvent(event: DeviceEvent): DeviceEvent {
  const subject = fitText(event.subject ?? '', MAX_SUBJECT_CHARS);
  return {
    ...event,
    type: fitText(event.type, MAX_TYPE_CHARS) || 'other',
    subject: subject === '' ? undefined : subject,
    message: fitText(event.message, MAX_MESSAGE_CHARS),
  };
}

import type { DeviceEvent } from '../../protocols/events/device-event.ts';
import { eventType, type Content } from './event-type.ts';

/** What receivers should take at least (RFC 5424, section 6.1, and RFC 5425, section 4.3.1); the rest is not looked at. */
export const MAX_MESSAGE_BYTES = 8_192;
const MAX_PRIORITY = 191;

export interface Priority {
  /** 0 to 23. */
  readonly facility: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severityCode: number;
  /** Where the message goes on. */
  readonly end: number;
}

const [LESS, GREATER, ZERO] = [0x3c, 0x3e, 0x30];

/** PRI, which both formats begin with: `<165>`. undefined: it has none, so it is no syslog. Cheap. Pure. */
export function readPriority(message: Uint8Array): Priority | undefined {
  if (message[0] !== LESS) return undefined;
  let value = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = message[at];
    if (byte === GREATER && at > 1 && value <= MAX_PRIORITY) {
      return { facility: value >> 3, severityCode: value & 7, end: at + 1 };
    }
    if (byte === undefined || byte < ZERO || byte > ZERO + 9) return undefined;
    value = 10 * value + byte - ZERO;
  }
  return undefined;
}

/** What follows the priority of RFC 5424: version, time, host, application, process, message id. */
const HEADER = /^[1-9]\d{0,2} (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,255}) (\S{1,255}) (?=[-[])/;

/** RFC 5424, and whatever devices send in the manner of RFC 3164. Takes any bytes after the priority. Pure. */
export function parseMessage(message: Buffer, { facility, severityCode, end }: Priority): DeviceEvent {
  const text = message.toString('utf8', end, MAX_MESSAGE_BYTES);
  const header = HEADER.exec(text);
  const content = header === null ? legacyContent(text) : modernContent(header, text.slice(header[0].length));
  return { type: eventType(content), severityCode, facility, message: content.text };
}

function modernContent([, , , program, , id]: RegExpExecArray, rest: string): Content {
  // With a byte order mark, as RFC 5424 asks of UTF-8.
  const text = rest.slice(endOfStructuredData(rest)).replace(/^ ?\uFEFF?/, '');
  return { id: given(id), program: given(program), text };
}

function given(value: string | undefined): string | undefined {
  return value === '-' ? undefined : value;
}

/** `-`, or elements in brackets, whose values in quotes may contain brackets. A text without an end is all of it. */
function endOfStructuredData(text: string): number {
  if (text[0] !== '[') return 1;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted && character === '\\') at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === ']' && text[at + 1] !== '[') return at + 1;
  }
  return text.length;
}

/** Sequence number, and `Oct 11 22:14:15`, `*Mar  1 00:00:01.123 UTC:`, or a time as in RFC 3339. */
const SEQUENCE = /^\d{1,10}: /;
const TIME =
  /^[*.]?(?:[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?: [A-Z]{2,5})?|\d{4}-\d{2}-\d{2}T\S{8,32}):? ?/;
const TAG = /^(?:[^\s:[\]]{1,255} )?([A-Za-z_][\w./@-]{0,63})(?:\[[^\]\s]{0,32}\])?: ?/;

function legacyContent(text: string): Content {
  const dated = text.trimStart().replace(SEQUENCE, '').replace(TIME, '');
  const tag = TAG.exec(dated);
  return tag === null ? { text: dated } : { program: tag[1], text: dated.slice(tag[0].length) };
}

import type { DeviceEvent } from '../../protocols/events/device-event.ts';
import { severityCode } from '../../protocols/events/severity.ts';
import { indexBelow, isAtOrBelow } from '../../protocols/snmp/oid.ts';
import type { Varbind } from '../../protocols/snmp/session.ts';
import type { Notification } from '../../protocols/snmp/trap-reader.ts';
import { toMacOrText } from '../../protocols/snmp/value.ts';
import type { SubjectRule, TrapMeaning } from './known-traps.ts';

/** Of a trap that nobody has told us about: its OID is its name. */
const UNKNOWN_SEVERITY = 'notice';
/** More are not shown: the text of an event is short. */
const MAX_SHOWN_VARBINDS = 8;

/** Names of objects that people know, for the text. */
const OBJECT_NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.2.1.2.2.1.1': 'ifIndex',
  '1.3.6.1.2.1.2.2.1.2': 'ifDescr',
  '1.3.6.1.2.1.2.2.1.7': 'ifAdminStatus',
  '1.3.6.1.2.1.2.2.1.8': 'ifOperStatus',
  '1.3.6.1.2.1.31.1.1.1.1': 'ifName',
  '1.3.6.1.2.1.31.1.1.1.18': 'ifAlias',
  '1.3.6.1.2.1.33.1.6.2.1.2': 'upsAlarmDescr',
  '1.3.6.1.2.1.33.1.2.3': 'upsEstimatedMinutesRemaining',
};

export interface TrapEvent extends DeviceEvent {
  readonly meaning: TrapMeaning | undefined;
}

/** What a notification tells, by the meaning of its OID. Pure. */
export function toEvent(
  { trapOid, varbinds }: Notification,
  meanings: ReadonlyMap<string, TrapMeaning>,
): TrapEvent {
  const meaning = meanings.get(trapOid);
  return {
    type: meaning?.event ?? trapOid,
    subject: meaning?.subject && subjectOf(meaning.subject, varbinds),
    severityCode: severityOf(trapOid, meanings),
    message: varbinds.slice(0, MAX_SHOWN_VARBINDS).map(textOf).join(', '),
    meaning,
  };
}

/** RFC 5424. Pure. */
export function severityOf(trapOid: string, meanings: ReadonlyMap<string, TrapMeaning>): number {
  return severityCode(meanings.get(trapOid)?.severity ?? UNKNOWN_SEVERITY);
}

function subjectOf(rule: SubjectRule, varbinds: readonly Varbind[]): string | undefined {
  for (const object of rule.values ?? []) {
    const found = toMacOrText(varbinds.find(({ oid }) => isAtOrBelow(object, oid))?.value);
    if (found !== undefined) return rule.names?.[found] ?? found;
  }
  if (rule.indexOf === undefined) return undefined;
  for (const { oid } of varbinds) {
    // Below the entry: the column, then the index.
    const [, ...index] = indexBelow(rule.indexOf, oid)?.split('.') ?? [];
    if (index.length > 0) return [rule.word ?? '', index.join('.')].join(' ').trim();
  }
  return undefined;
}

function textOf({ oid, value }: Varbind): string {
  const object = Object.keys(OBJECT_NAMES).find((name) => isAtOrBelow(name, oid));
  const name = object === undefined ? oid : OBJECT_NAMES[object];
  return `${name}=${toMacOrText(value) ?? ''}`;
}

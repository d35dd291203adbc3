import type { Text } from '../../contract/catalogue.ts';
import { COLOUR, type Colour } from './colour.ts';

export interface Meaning {
  readonly text: Text;
  readonly colour: Colour;
}

/** What each value of a state is called, by the value as text. */
export type Mapping = Readonly<Record<string, Meaning>>;

function meaning(en: string, vi: string, colour: Colour): Meaning {
  return { text: { en, vi }, colour };
}

/** `state_code` of units, sites and links: contract/measurements/rollup.ts. */
export const STATE_CODES: Mapping = {
  0: meaning('down', 'hỏng', COLOUR.critical),
  1: meaning('unreachable', 'không tới được', COLOUR.major),
  2: meaning('unknown', 'không rõ', COLOUR.unknown),
  3: meaning('alert', 'cảnh báo', COLOUR.minor),
  4: meaning('up', 'hoạt động', COLOUR.good),
};

/** Those that an alert of ours has. */
const OF_ALERTS = {
  critical: meaning('critical', 'nghiêm trọng', COLOUR.critical),
  major: meaning('major', 'lớn', COLOUR.major),
  minor: meaning('minor', 'nhỏ', COLOUR.minor),
  warning: meaning('warning', 'cảnh báo sớm', COLOUR.warning),
};

/** Curves of them: a name that no curve has would be an override of nothing. */
export const ALERT_SEVERITIES: Mapping = OF_ALERTS;

export const SEVERITIES: Mapping = {
  ...OF_ALERTS,
  indeterminate: meaning('indeterminate', 'chưa xác định', COLOUR.unknown),
  cleared: meaning('cleared', 'đã hết', COLOUR.good),
};

/** A flag that is good when true, in the two words given. */
export function goodWhenTrue(yes: Text, no: Text, bad: Colour = COLOUR.critical): Mapping {
  return { true: { text: yes, colour: COLOUR.good }, false: { text: no, colour: bad } };
}

export function goodWhenFalse(yes: Text, no: Text, bad: Colour = COLOUR.critical): Mapping {
  return { true: { text: yes, colour: bad }, false: { text: no, colour: COLOUR.good } };
}

/** ifOperStatus (RFC 2863). */
export const PORT_STATES: Mapping = {
  1: meaning('up', 'chạy', COLOUR.good),
  2: meaning('down', 'ngắt', COLOUR.critical),
  3: meaning('testing', 'đang thử', COLOUR.minor),
  4: meaning('unknown', 'không rõ', COLOUR.unknown),
  5: meaning('dormant', 'ngủ', COLOUR.plain),
  6: meaning('not present', 'không có', COLOUR.plain),
  7: meaning('lower layer down', 'lớp dưới ngắt', COLOUR.critical),
};

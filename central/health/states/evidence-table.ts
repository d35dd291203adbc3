import type { FieldValue } from '../../../contract/sample.ts';

export type Verdict = 'well' | 'bad';

/** undefined: the value says nothing about the device. */
export type Judge = (value: FieldValue) => Verdict | undefined;

/** What rows of one measurement say about a device. */
export interface EvidenceSource {
  readonly measurement: string;
  /** The first field that a row has, and that says something, decides. */
  readonly fields: readonly { readonly field: string; readonly judge: Judge; readonly means: string }[];
  /** A row without such a field still proves that the device answered. */
  readonly isReport: boolean;
  /** `device`: the device that the row's tag names. `agent`: the machine that the agent runs on. */
  readonly about: 'device' | 'agent';
  /** How often it is usually measured: holds until its own pace is known, ms. */
  readonly usualIntervalMs: number;
}

const isTrue: Judge = (value) => (typeof value === 'boolean' ? (value ? 'well' : 'bad') : undefined);
const TRUE = 'true: up; false: down';
/** Of a burst: one answer proves the way there and back. */
const isAnswered: Judge = (value) =>
  typeof value === 'number' ? (value >= 100 ? 'bad' : 'well') : undefined;
const ANSWERED = '100: down; less: up';
/** Telegraf: 2 is "not measured". */
const isResult: Judge = (value) => codes(value, { well: [0], bad: [1] });
const RESULT = '0: up; 1: down; 2, not measured: nothing';
/** 5, an error of DNS, is not the fault of what was asked. */
const isHttpResult: Judge = (value) => codes(value, { well: [0], bad: [1, 2, 3, 4, 6] });
const isDnsResult: Judge = (value) => codes(value, { well: [0], bad: [1, 2] });

const MINUTE_MS = 60_000;
/** Intervals of section 4 of the glossary: interfaces 60 s, ping 30 s, sensors 300 s. */
const PROBE_MS = 30_000;
const SENSOR_MS = 5 * MINUTE_MS;

/**
 * Which measurement proves what. In the order of precedence: of two that contradict each other within one agent, the upper one
 * decides, since it speaks of the device itself. docs/states.md has it as a table.
 */
export const EVIDENCE: readonly EvidenceSource[] = [
  {
    measurement: 'device',
    fields: [
      { field: 'up', judge: isTrue, means: TRUE },
      { field: 'reachable', judge: isTrue, means: TRUE },
    ],
    isReport: true,
    about: 'device',
    usualIntervalMs: MINUTE_MS,
  },
  probe('service', [{ field: 'up', judge: isTrue, means: TRUE }], MINUTE_MS),
  probe('ping', [
    { field: 'percent_packet_loss', judge: isAnswered, means: ANSWERED },
    { field: 'percent_reply_loss', judge: isAnswered, means: ANSWERED },
    { field: 'result_code', judge: isResult, means: RESULT },
  ]),
  probe('path', [
    { field: 'loss_pct', judge: isAnswered, means: ANSWERED },
    { field: 'result_code', judge: isResult, means: RESULT },
  ]),
  probe(
    'http_response',
    [{ field: 'result_code', judge: isHttpResult, means: '0: up; 5, an error of DNS: nothing; else down' }],
    MINUTE_MS,
  ),
  probe('dns_query', [{ field: 'result_code', judge: isDnsResult, means: '0: up; 1, 2: down' }], MINUTE_MS),
  // What a device was asked for, or told by itself: it answered.
  ...['interface', 'routing_peer', 'device_storage', 'lldp_neighbor', 'cellular'].map((measurement) =>
    report(measurement, 'device', MINUTE_MS),
  ),
  ...['power', 'upsd', 'environment', 'hardware_sensor', 'ipmi_sensor'].map((measurement) =>
    report(measurement, 'device', SENSOR_MS),
  ),
  ...['system', 'cpu', 'mem'].map((measurement) => report(measurement, 'agent', MINUTE_MS)),
];

/** IF-MIB ifOperStatus (RFC 2863): 4, unknown, and 5, dormant, say nothing about the line. */
export const judgePort: Judge = (value) => codes(value, { well: [1], bad: [2, 3, 6, 7] });

function probe(
  measurement: string,
  fields: EvidenceSource['fields'],
  usualIntervalMs = PROBE_MS,
): EvidenceSource {
  return { measurement, fields, isReport: false, about: 'device', usualIntervalMs };
}

function report(
  measurement: string,
  about: EvidenceSource['about'],
  usualIntervalMs: number,
): EvidenceSource {
  return { measurement, fields: [], isReport: true, about, usualIntervalMs };
}

function codes(
  value: FieldValue,
  { well, bad }: { readonly well: readonly number[]; readonly bad: readonly number[] },
): Verdict | undefined {
  const code = Number(value);
  return well.includes(code) ? 'well' : bad.includes(code) ? 'bad' : undefined;
}

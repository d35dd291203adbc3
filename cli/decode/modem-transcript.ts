import { messageOf } from '../../runtime/errors.ts';
import { AtLayoutError } from '../../edge/collectors/cellular/at/fields.ts';
import { parseQeng } from '../../edge/collectors/cellular/at/qeng.ts';
import {
  parseQcainfo,
  parseQcsq,
  parseQgpsloc,
  parseQnwinfo,
  parseQtemp,
  type QuickSignal,
} from '../../edge/collectors/cellular/at/quectel-answers.ts';
import { quectelState, type QuectelAnswers } from '../../edge/collectors/cellular/at/quectel-state.ts';
import { quickFields } from '../../edge/collectors/cellular/at/quick-signal.ts';
import {
  joinRegistrations,
  parseCesq,
  parseCops,
  parseRegistration,
  type ExtendedSignal,
  type Operator,
  type Registration,
} from '../../edge/collectors/cellular/at/standard-answers.ts';
import { standardState } from '../../edge/collectors/cellular/at/standard-state.ts';
import { readTranscript, type Exchange } from '../../edge/collectors/cellular/at/transcript.ts';
import { sinrScaleOf } from '../../edge/collectors/cellular/encodings.ts';
import type { RadioState } from '../../edge/collectors/cellular/radio-state.ts';
import type { DecodedState, Refusal } from './decoded.ts';

/** The answers of one modem reading. */
class Reading {
  where = '';
  quectel: QuectelAnswers = { sinrScale: 'coarse' };
  readonly registrations: Registration[] = [];
  signal: ExtendedSignal | undefined;
  operator: Operator | undefined;
  quick: QuickSignal | undefined;
  readonly seen = new Set<string>();

  state(): RadioState {
    const registration = joinRegistrations(this.registrations);
    const { signal, operator, quick } = this;
    if (signal !== undefined || (operator !== undefined && this.quectel.serving === undefined)) {
      return standardState({ signal, operator, registration });
    }
    const state = quectelState({ ...this.quectel, registration });
    if (quick === undefined || this.quectel.serving !== undefined) return state;
    const rat = quick.mode === 'LTE' ? 'lte' : undefined;
    return { ...state, rat: state.rat ?? rat, fields: { ...state.fields, ...quickFields(quick) } };
  }
}

type Read = (reading: Reading, lines: readonly string[]) => void;

/** By the word that the lines of an answer begin with. */
const READERS: Readonly<Record<string, Read>> = {
  '+QENG': (reading, lines) => {
    const serving = parseQeng(lines);
    reading.quectel = { ...reading.quectel, serving, sinrScale: sinrScaleOf(serving.lte?.sinrRaw) };
  },
  '+QNWINFO': (reading, lines) => (reading.quectel = { ...reading.quectel, networks: parseQnwinfo(lines) }),
  '+QCAINFO': (reading, lines) =>
    (reading.quectel = { ...reading.quectel, aggregation: parseQcainfo(lines) }),
  '+QTEMP': (reading, lines) => (reading.quectel = { ...reading.quectel, temperatures: parseQtemp(lines) }),
  '+QGPSLOC': (reading, lines) => (reading.quectel = { ...reading.quectel, position: parseQgpsloc(lines) }),
  '+QCSQ': (reading, lines) => (reading.quick = parseQcsq(lines)),
  '+CESQ': (reading, lines) => (reading.signal = parseCesq(lines)),
  '+COPS': (reading, lines) => (reading.operator = parseCops(lines)),
  '+C5GREG': (reading, lines) => void reading.registrations.push(parseRegistration(lines, '+C5GREG')),
  '+CEREG': (reading, lines) => void reading.registrations.push(parseRegistration(lines, '+CEREG')),
  '+CREG': (reading, lines) => void reading.registrations.push(parseRegistration(lines, '+CREG')),
};

/** A log of AT commands and answers. The second answer of a kind begins another reading. */
export function statesOfTranscript(text: string): {
  readonly states: readonly DecodedState[];
  readonly refusals: readonly Refusal[];
} {
  const readings: Reading[] = [];
  const refusals: Refusal[] = [];
  for (const exchange of readTranscript(text)) {
    const where = `line ${exchange.line}${exchange.command === undefined ? '' : `, ${exchange.command.slice(0, 40)}`}`;
    const refuse = (reason: string): unknown => refusals.push({ where, reason });
    if (exchange.result !== 'OK')
      refuse(
        exchange.result === undefined
          ? 'does not end with OK'
          : `the modem answers ${printable(exchange.result)}`,
      );
    const words = wordsOf(exchange);
    if (words.length === 0 && exchange.lines.length > 0) refuse('not an answer that the collector reads');
    for (const word of words) {
      let reading = readings.at(-1);
      if (reading === undefined || reading.seen.has(word)) readings.push((reading = new Reading()));
      reading.seen.add(word);
      if (reading.where === '') reading.where = where;
      try {
        READERS[word]?.(reading, exchange.lines);
      } catch (error) {
        if (!(error instanceof AtLayoutError)) throw error;
        refuse(messageOf(error));
      }
    }
  }
  return { states: readings.map((reading) => ({ where: reading.where, state: reading.state() })), refusals };
}

/** The kinds of answers: from the lines (`AT+CREG?;+CEREG?` has two), or from the command if there are none. */
function wordsOf({ lines, command }: Exchange): readonly string[] {
  const answered = lines.map((line) => /^(\+[A-Z0-9]+):/.exec(line)?.[1] ?? '').filter(isRead);
  const asked = /^AT(\+[A-Z0-9]+)/i.exec(command ?? '')?.[1] ?? '';
  return answered.length > 0 ? [...new Set(answered)] : [asked].filter(isRead);
}

function isRead(word: string): boolean {
  return READERS[word] !== undefined;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

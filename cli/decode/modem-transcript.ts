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

/** What one look at a modem has told. */
class Look {
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

type Take = (look: Look, lines: readonly string[]) => void;

/** By the word that an answer's lines begin with. */
const TAKES: Readonly<Record<string, Take>> = {
  '+QENG': (look, lines) => {
    const serving = parseQeng(lines);
    look.quectel = { ...look.quectel, serving, sinrScale: sinrScaleOf(serving.lte?.sinrRaw) };
  },
  '+QNWINFO': (look, lines) => (look.quectel = { ...look.quectel, networks: parseQnwinfo(lines) }),
  '+QCAINFO': (look, lines) => (look.quectel = { ...look.quectel, aggregation: parseQcainfo(lines) }),
  '+QTEMP': (look, lines) => (look.quectel = { ...look.quectel, temperatures: parseQtemp(lines) }),
  '+QGPSLOC': (look, lines) => (look.quectel = { ...look.quectel, position: parseQgpsloc(lines) }),
  '+QCSQ': (look, lines) => (look.quick = parseQcsq(lines)),
  '+CESQ': (look, lines) => (look.signal = parseCesq(lines)),
  '+COPS': (look, lines) => (look.operator = parseCops(lines)),
  '+C5GREG': (look, lines) => void look.registrations.push(parseRegistration(lines, '+C5GREG')),
  '+CEREG': (look, lines) => void look.registrations.push(parseRegistration(lines, '+CEREG')),
  '+CREG': (look, lines) => void look.registrations.push(parseRegistration(lines, '+CREG')),
};

/** A log of AT commands and answers. An answer of a kind that was there already begins another look. */
export function statesOfTranscript(text: string): {
  readonly states: readonly DecodedState[];
  readonly refusals: readonly Refusal[];
} {
  const looks: Look[] = [];
  const refusals: Refusal[] = [];
  for (const exchange of readTranscript(text)) {
    const where = `line ${exchange.line}${exchange.command === undefined ? '' : `, ${exchange.command.slice(0, 40)}`}`;
    const word = wordOf(exchange);
    const refuse = (reason: string): unknown => refusals.push({ where, reason });
    if (exchange.result !== 'OK')
      refuse(
        exchange.result === undefined ? 'no OK at its end' : `the modem says ${printable(exchange.result)}`,
      );
    const take = TAKES[word ?? ''];
    if (take === undefined || word === undefined) {
      if (exchange.lines.length > 0) refuse('not an answer that is read here');
      continue;
    }
    let look = looks.at(-1);
    if (look === undefined || look.seen.has(word)) looks.push((look = new Look()));
    look.seen.add(word);
    if (look.where === '') look.where = where;
    try {
      take(look, exchange.lines);
    } catch (error) {
      if (!(error instanceof AtLayoutError)) throw error;
      refuse(messageOf(error));
    }
  }
  return { states: looks.map((look) => ({ where: look.where, state: look.state() })), refusals };
}

/** What it answers: told by its lines, or by the command where the answer is empty. */
function wordOf({ lines, command }: Exchange): string | undefined {
  const words = lines.map((line) => /^(\+[A-Z0-9]+):/.exec(line)?.[1]);
  return (
    words.find((word) => word !== undefined && TAKES[word] !== undefined) ??
    /^AT(\+[A-Z0-9]+)/i.exec(command ?? '')?.[1]
  );
}

function printable(said: string): string {
  return said.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

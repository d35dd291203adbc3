import { messageOf } from '../../runtime/errors.ts';
import { parseCellInfo, type MmCell } from '../../edge/collectors/cellular/modemmanager/cell-info.ts';
import { objectAt, textAt } from '../../edge/collectors/cellular/modemmanager/json.ts';
import { parseLocation } from '../../edge/collectors/cellular/modemmanager/location.ts';
import { mmState } from '../../edge/collectors/cellular/modemmanager/mm-state.ts';
import { parseModemInfo, type ModemInfo } from '../../edge/collectors/cellular/modemmanager/modem-info.ts';
import { parseSignal, type Signal } from '../../edge/collectors/cellular/modemmanager/signal.ts';
import type { Position } from '../../edge/collectors/cellular/radio-state.ts';
import type { DecodedState, Refusal } from './decoded.ts';

/** One JSON object, or one per line: the modem, its signal, its cells, its location. Together they are one reading. */
export function statesOfMmcli(text: string): {
  readonly states: readonly DecodedState[];
  readonly refusals: readonly Refusal[];
} {
  const refusals: Refusal[] = [];
  let info: ModemInfo = {};
  let signal: Signal | undefined;
  let cells: readonly MmCell[] | undefined;
  let position: Position | undefined;
  let isKnown = false;
  for (const { where, json } of objectsIn(text, refusals)) {
    const generic = objectAt(json, 'modem', 'generic');
    const hasSignal = [objectAt(json, 'modem', 'signal'), objectAt(json, 'signal')].some(isFilled);
    const hasPlace = isFilled(objectAt(json, 'modem', 'location'));
    const serving = parseCellInfo(json);
    if (textAt(generic, 'state') !== undefined) info = parseModemInfo(json);
    else if (hasSignal) signal = parseSignal(json);
    else if (serving.length > 0) cells = serving;
    else if (hasPlace) position = parseLocation(json);
    else {
      refusals.push({ where, reason: 'not what mmcli -J prints of a modem, its signal, cells or location' });
      continue;
    }
    isKnown = true;
  }
  return {
    states: isKnown ? [{ where: 'the file', state: mmState({ info, signal, cells, position }) }] : [],
    refusals,
  };
}

const isFilled = (object: object): boolean => Object.keys(object).length > 0;

function objectsIn(text: string, refusals: Refusal[]): { readonly where: string; readonly json: unknown }[] {
  try {
    return [{ where: 'the file', json: JSON.parse(text) }];
  } catch (whole) {
    const lines = text
      .split('\n')
      .flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]));
    if (lines.length > 1 && lines.every(({ line }) => line.trimStart().startsWith('{'))) {
      return lines.flatMap(({ line, number }) => {
        try {
          return [{ where: `line ${number}`, json: JSON.parse(line) as unknown }];
        } catch (error) {
          refusals.push({ where: `line ${number}`, reason: messageOf(error) });
          return [];
        }
      });
    }
    refusals.push({ where: 'the file', reason: messageOf(whole) });
    return [];
  }
}

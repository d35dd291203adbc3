import type { Sample } from '../../contract/sample.ts';
import { operatorOf } from '../../contract/operator-codes.ts';
import { plausibleFields } from '../../edge/collectors/cellular/plausible-fields.ts';
import type { RadioState } from '../../edge/collectors/cellular/radio-state.ts';
import type { Decoded, Decoder, Refusal } from './decoded.ts';
import { statesOfMmcli } from './modem-mmcli.ts';
import { statesOfTranscript } from './modem-transcript.ts';

/** A log of AT commands and answers, or what `mmcli -J` printed, as the cellular collector reads it. */
export const decodeModem: Decoder = (bytes, nowMs): Decoded => {
  const text = bytes.toString('latin1');
  const { states, refusals } = /^\s*[{[]/.test(text)
    ? statesOfMmcli(bytes.toString('utf8'))
    : statesOfTranscript(text);
  const samples: Sample[] = [];
  const implausible: Refusal[] = [];
  for (const { where, state } of states) {
    const { fields, problems } = plausibleFields(
      'cellular',
      { ...state.fields, registered: state.registered, roaming: state.roaming, ...state.position },
      state.rat,
    );
    implausible.push(...problems.map((reason) => ({ where, reason })));
    if (Object.keys(fields).length === 0) {
      implausible.push({ where, reason: 'has no radio values' });
      continue;
    }
    samples.push({ measurement: 'cellular', tags: tagsOf(state), fields, timeMs: nowMs });
  }
  return { samples, refusals: [...refusals, ...implausible] };
};

function tagsOf({ plmn, rat, band }: RadioState): Record<string, string> {
  const operator = operatorOf(plmn);
  return {
    device: 'modem',
    ...(operator !== undefined && { operator }),
    ...(rat !== undefined && { rat }),
    ...(band !== undefined && { band }),
  };
}

import { sampleLine } from '../../../contract/encode-line-protocol.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { RuleBook } from '../../rules.ts';
import { alertSamples } from './alerts.ts';
import { citySamples } from './city.ts';
import { poolSamples } from './pools.ts';
import { radioSamples } from './radio.ts';

/** A day of the whole city until `toMs`, as line protocol. Throws on a field that the catalogue lacks. */
export function* cityLines(toMs: number, rules: RuleBook): Generator<string> {
  const all = [citySamples(toMs), radioSamples(toMs), poolSamples(toMs), alertSamples(toMs, rules)];
  for (const samples of all) {
    for (const sample of samples) {
      const known = CATALOGUE.get(sample.measurement)?.fields ?? {};
      const unknown = Object.keys(sample.fields).filter((name) => !(name in known));
      if (unknown.length > 0) throw new Error(`seed: ${sample.measurement} has no ${unknown.join(', ')}`);
      yield sampleLine(sample, CATALOGUE);
    }
  }
}

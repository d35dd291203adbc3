import type { FieldValue } from '../../../../contract/sample.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { AnswerSize } from '../../../protocols/snmp/answer-size.ts';
import { FakeSession } from '../../../protocols/snmp/testing/fake-session.ts';
import { Device } from '../device.ts';
import { KnownStations } from '../known-stations.ts';
import type { ProfileLibrary } from '../profile/library.ts';
import { createSnmpCollector } from '../snmp.ts';
import { parseSnmprec } from './parse-snmprec.ts';

export interface PolledRow {
  /** Measurement and tags, such as `power line=1`; without the tag `device`. */
  readonly row: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** What the first polls of a device with these objects tell, a minute from one to the next. */
export async function pollRecordings(
  profiles: () => ProfileLibrary,
  ...recordings: readonly string[]
): Promise<readonly PolledRow[]> {
  const clock = new ManualClock(0);
  const session = new FakeSession({});
  const device = new Device({
    name: 'd',
    address: '10.0.0.1',
    stations: new KnownStations(),
    profiles,
    answerSize: new AnswerSize({ start: 25, most: 25 }),
    phase: 0,
    clock,
    openSession: async () => session,
  });
  const collector = createSnmpCollector([device], { clock, log: silentLogger, commonTags: {} });
  let rows: readonly PolledRow[] = [];
  for (const recording of recordings) {
    session.objects = parseSnmprec(recording);
    const { samples, errors } = await collector.collect(new AbortController().signal);
    if (errors.length > 0) throw new AggregateError(errors);
    rows = samples.map(({ measurement, tags, fields }) => ({
      row: [
        measurement,
        ...Object.entries(tags).flatMap(([tag, text]) => (tag === 'device' ? [] : [`${tag}=${text}`])),
      ].join(' '),
      fields,
    }));
    await clock.advance(60_000);
  }
  await collector.close();
  return rows;
}

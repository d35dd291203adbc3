import type { Sample } from '../../contract/sample.ts';
import { parseSurveyTopic, SURVEY_FILTERS } from '../../contract/survey-topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { CellOf } from '../../runtime/h3-cells.ts';
import type { ProtocolAdapter } from '../ingest/adapters/protocol-adapter.ts';
import type { SampleIntake } from '../ingest/adapters/sample-intake.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { BusMessage } from '../mqtt/bus.ts';
import { MAX_DISTANCE_KM, nearestUnit } from './nearest-unit.ts';
import { Phone } from './phone.ts';
import { readRecord, type SurveyRecord } from './read-record.ts';

export interface SurveyHostDeps {
  readonly inventory: Pick<Inventory, 'units'>;
  readonly intake: SampleIntake;
  readonly cellOf: CellOf;
  readonly clock: Clock;
}

const MAX_PHONES = 500;
/** A place that is less certain may be in another ward. */
const MAX_ACCURACY_M = 100;
/** What was measured longer ago was kept by the phone while it had no network: history. */
const LATE_AFTER_MS = 60_000;
/** A phone that sends nothing for a day is forgotten, with what it may send at once. */
const FORGET_AFTER_MS = 86_400_000;

/** Phones with the app Network Survey: what they measure at the serving cell becomes `drive_test`, by place. */
export class SurveyHost implements ProtocolAdapter {
  readonly filters = SURVEY_FILTERS;
  readonly #deps: SurveyHostDeps;
  readonly #phones = new Map<string, Phone>();

  constructor(deps: SurveyHostDeps) {
    this.#deps = deps;
  }

  receive({ topic, payload, retained }: BusMessage): void {
    const parsed = parseSurveyTopic(topic);
    if (parsed?.rat === undefined) {
      this.#refuseStranger('survey-bad-topic', `not a topic of a phone: ${topic.slice(0, 200)}`);
      return;
    }
    const phone = this.#phone(parsed.phone);
    if (phone === undefined) {
      this.#refuseStranger('survey-too-many-phones', `central has ${MAX_PHONES} phones already`);
      return;
    }
    const nowMs = this.#deps.clock.monotonicMs();
    if (retained === true) this.#refuse(phone, 'survey-retained', 'a retained message, not a current one');
    else if (!phone.mayTake(nowMs))
      this.#refuse(phone, 'survey-too-many', 'more messages than a phone can measure');
    else this.#take(phone, readRecord(parsed.rat, payload), nowMs);
  }

  tick(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [id, phone] of this.#phones) {
      if (phone.isDue(nowMs)) this.#submit(phone);
      if (nowMs - phone.lastAtMs >= FORGET_AFTER_MS) this.#phones.delete(id);
    }
  }

  /** Phones do not wait for answers: what was sent meanwhile is gone, and how much nobody knows. */
  onConnected(): void {
    return;
  }

  flush(): void {
    for (const phone of this.#phones.values()) this.#submit(phone);
  }

  #take(phone: Phone, record: ReturnType<typeof readRecord>, nowMs: number): void {
    if (record === undefined) return;
    if ('code' in record) this.#refuse(phone, record.code, record.reason);
    else if (record.accuracyM === undefined || record.accuracyM > MAX_ACCURACY_M) {
      const accuracy = record.accuracyM === undefined ? 'unknown' : `${record.accuracyM} m`;
      const reason = `the accuracy of its place is ${accuracy}, expected ${MAX_ACCURACY_M} m or less`;
      this.#refuse(phone, 'survey-inexact', reason);
    } else phone.add(record, nowMs);
  }

  #submit(phone: Phone): void {
    const { intake, clock } = this.#deps;
    const nowMs = clock.now();
    const records = phone.take();
    const withLte = new Set(records.filter(({ rat }) => rat === 'lte').map(({ scan }) => scan));
    const samples = records.flatMap((record) => this.#toSample(phone, record, withLte) ?? []);
    const isLate = ({ timeMs }: Sample): boolean => nowMs - timeMs > LATE_AFTER_MS;
    for (const backfill of [false, true]) {
      const those = samples.filter((sample) => isLate(sample) === backfill);
      if (those.length > 0) intake.take({ agent: phone.id, samples: those, sentAtMs: nowMs, backfill });
    }
  }

  #toSample(phone: Phone, record: SurveyRecord, scansWithLte: ReadonlySet<string>): Sample | undefined {
    const { inventory, cellOf } = this.#deps;
    // 5G that is not standalone: LTE serves the phone beside it.
    const rat = record.rat === 'nr' && scansWithLte.has(record.scan) ? 'nrnsa' : record.rat;
    const { latitude, longitude, operator, band, timeMs } = record;
    const unit = nearestUnit(inventory.units.values(), record);
    if (unit === undefined) {
      this.#refuse(
        phone,
        'survey-elsewhere',
        `no unit within ${MAX_DISTANCE_KM} km of where it was measured`,
      );
      return undefined;
    }
    const fields: SurveyRecord['fields'] = {
      ...record.fields,
      ...{ latitude, longitude, h3_cell: cellOf(record) },
    };
    return {
      measurement: 'drive_test',
      tags: {
        ...{ probe: phone.id, unit: unit.code, rat },
        ...(operator !== undefined && { operator }),
        ...(band !== undefined && { band }),
      },
      fields: Object.fromEntries(
        Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      timeMs,
    };
  }

  #phone(id: string): Phone | undefined {
    const known = this.#phones.get(id);
    if (known !== undefined || this.#phones.size >= MAX_PHONES) return known;
    const phone = new Phone(id, this.#deps.clock.monotonicMs());
    this.#phones.set(id, phone);
    return phone;
  }

  /** Without the message: it has the serial number of the phone. */
  #refuse(phone: Phone, code: string, reason: string): void {
    const { intake, clock } = this.#deps;
    if (phone.isNews(code, clock.monotonicMs())) intake.refuse({ agent: phone.id, code, reason, values: 1 });
    else intake.countRefused(code, 1);
  }

  #refuseStranger(code: string, reason: string): void {
    this.#deps.intake.refuse({ agent: 'unknown', code, reason, values: 1 });
  }
}

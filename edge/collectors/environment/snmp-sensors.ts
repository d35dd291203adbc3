import { setMaxListeners } from 'node:events';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';
import { fitFields } from '../catalogue-fields.ts';
import type { Collected, CollectorDeps } from '../collector.ts';
import { AnswerSize } from '../../protocols/snmp/answer-size.ts';
import { ColumnMemory, Conversation } from '../../protocols/snmp/conversation.ts';
import { readCredentials } from '../../protocols/snmp/credentials.ts';
import { Deadline } from '../../protocols/snmp/deadline.ts';
import type { OpenSession } from '../../protocols/snmp/open-session.ts';
import { SnmpError, type SnmpSession, type VarbindValue } from '../../protocols/snmp/session.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';
import { convert } from './convert.ts';
import { MEASUREMENT } from './mapping.ts';
import type { SnmpSensorsConfig, SnmpSensorsDevice } from './snmp-config.ts';

type Deps = Pick<CollectorDeps, 'clock' | 'commonTags' | 'guard'> & { readonly openSession: OpenSession };

interface Row {
  readonly tags: Sample['tags'];
  readonly fields: Record<string, FieldValue>;
}

const MAX_PARALLEL = 16;
/** For the sensors of one device. */
const DEADLINE_MS = 20_000;
/** Objects in one request: small agents do not support more. */
const OIDS_AT_ONCE = 16;

/** Polls sensors by OID in the background, so that a device that does not answer delays no run. */
export class SnmpSensors {
  readonly #config: SnmpSensorsConfig;
  readonly #deps: Deps;
  readonly #stop = new AbortController();
  readonly #sessions = new Map<string, SnmpSession>();
  #nextAtMs = -Infinity;
  #polling: Promise<void> | undefined;
  #samples: Sample[] = [];
  /** Of the last poll, repeated until the next one is done. */
  #errors: readonly Error[] = [];

  constructor(config: SnmpSensorsConfig, deps: Deps) {
    this.#config = config;
    this.#deps = deps;
    setMaxListeners(0, this.#stop.signal);
  }

  /** Starts a poll if one is due; returns what was read since the last call. */
  take(): Collected {
    const nowMs = this.#deps.clock.monotonicMs();
    if (this.#polling === undefined && nowMs >= this.#nextAtMs) {
      this.#nextAtMs = nowMs + this.#config.everyMs;
      this.#polling = this.#poll().finally(() => (this.#polling = undefined));
    }
    const samples = this.#samples;
    this.#samples = [];
    return { samples, errors: this.#errors };
  }

  /** Resolves when the pending poll is done, or the signal aborts. */
  async whenPolled(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await Promise.race([
      this.#polling,
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ]);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the collector is closed'));
    await this.#polling;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    this.#sessions.clear();
  }

  async #poll(): Promise<void> {
    const permits = new Semaphore(MAX_PARALLEL);
    const errors: Error[] = [];
    await Promise.all(
      this.#config.devices.map(async (device) => {
        try {
          const release = await permits.acquire(this.#stop.signal);
          try {
            errors.push(...(await this.#readDevice(device)));
          } finally {
            release();
          }
        } catch (error) {
          errors.push(errorOf(device, messageOf(error)));
        }
      }),
    );
    this.#errors = errors;
  }

  async #readDevice(device: SnmpSensorsDevice): Promise<readonly Error[]> {
    const { clock } = this.#deps;
    const deadline = new Deadline(clock, this.#stop.signal, DEADLINE_MS);
    const session = this.#sessions.get(device.device) ?? (await this.#open(device));
    try {
      const memory = new ColumnMemory(new AnswerSize({ start: 1, most: 1 }));
      const conversation = new Conversation({ session, memory, signal: deadline.signal, retriesEmpty: true });
      const values = new Map<string, VarbindValue>();
      const oids = [...new Set(device.sensors.map(({ oid }) => oid))];
      for (let from = 0; from < oids.length; from += OIDS_AT_ONCE) {
        for (const [oid, value] of await conversation.get(oids.slice(from, from + OIDS_AT_ONCE)))
          values.set(oid, value);
      }
      return this.#addSamples(device, values);
    } catch (error) {
      // A new session resolves the address and reads the secrets again.
      this.#sessions.delete(device.device);
      await session.close();
      throw error;
    } finally {
      deadline.clear();
    }
  }

  async #open({ device, address, port, credentials: name }: SnmpSensorsDevice): Promise<SnmpSession> {
    const found = this.#config.credentials[name];
    if (found === undefined) throw new SnmpError('unsent', `no credentials ${name}`);
    const credentials = readCredentials(name, found, process.env);
    const { replyTimeoutMs } = this.#config;
    const target = { address, port, guard: this.#deps.guard, credentials, replyTimeoutMs };
    const session = await this.#deps.openSession(target, this.#stop.signal);
    this.#sessions.set(device, session);
    return session;
  }

  /** One sample a sensor; missing or invalid values are errors. */
  #addSamples(device: SnmpSensorsDevice, values: ReadonlyMap<string, VarbindValue>): readonly Error[] {
    const { clock, commonTags } = this.#deps;
    const problems: string[] = [];
    const bySensor = new Map<string, Row>();
    for (const { oid, field, sensor, location, ...how } of device.sensors) {
      const value = values.get(oid);
      const definition = CATALOGUE.get(MEASUREMENT)?.fields[field];
      const sent = toNumber(value) ?? toText(value);
      const read = definition && convert(sent, definition, how);
      const what = `${sensor === undefined ? '' : `${sensor} `}${field} (${oid})`;
      if (value === undefined) problems.push(`${what} is missing`);
      else if (read === undefined) problems.push(`${what} is ${JSON.stringify(sent ?? null).slice(0, 40)}`);
      else {
        const tags = { ...(sensor !== undefined && { sensor }), ...(location !== undefined && { location }) };
        const key = JSON.stringify(tags);
        const row: Row = bySensor.get(key) ?? { tags, fields: {} };
        row.fields[field] = read;
        bySensor.set(key, row);
      }
    }
    for (const { tags, fields } of bySensor.values()) {
      const fitted = fitFields(MEASUREMENT, fields);
      problems.push(...fitted.problems);
      if (Object.keys(fitted.fields).length === 0) continue;
      const all = { ...commonTags, device: device.device, ...tags };
      this.#samples.push({ measurement: MEASUREMENT, tags: all, fields: fitted.fields, timeMs: clock.now() });
    }
    return problems.map((problem) => errorOf(device, problem));
  }
}

function errorOf({ device, address }: SnmpSensorsDevice, problem: string): Error {
  return new Error(`environment ${device} (${address}): ${problem}`);
}

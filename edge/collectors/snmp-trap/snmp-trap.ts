import { createHash } from 'node:crypto';
import { messageOf } from '../../../runtime/errors.ts';
import { DatagramListener, DROPPED_BY_THE_SYSTEM } from '../../protocols/events/datagram-listener.ts';
import {
  eventStatesFile,
  noEventStatesRecord,
  openEventStatesRecord,
} from '../../protocols/events/event-states-record.ts';
import { openTroubledSendersRecord } from '../../protocols/events/troubled-senders-record.ts';
import { readCredentials, secretsOf } from '../../protocols/snmp/credentials.ts';
import { TrapReader } from '../../protocols/snmp/trap-reader.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { OpenListeners, type Openable } from '../open-listeners.ts';
import { SilentSenders, waitForSenders } from '../wait-for-senders.ts';
import { snmpTrapConfigSchema, type SnmpTrapConfig } from './config.ts';
import { TrapIntake } from './intake.ts';

/** Receives SNMP traps and informs. */
export const snmpTrapKind: CollectorKind<SnmpTrapConfig> = {
  kind: 'snmp_trap',
  configSchema: snmpTrapConfigSchema,
  // How long an inform waits for its answer at most; senders usually wait for some seconds.
  defaultIntervalMs: 2_000,
  needs: () => ({ listens: true }),
  // It answers informs only; but whose secrets these are is what a config from central is checked by.
  reaches: ({ senders, credentials }) => ({
    targets: senders.map(({ address, credentials: name }, at) => ({
      setting: `senders[${at}].address`,
      use: 'snmp',
      host: address,
      port: SNMP_PORT,
      secrets: secretsOf(credentials[name], `credentials.${name}`),
    })),
    files: [],
  }),
  create: (config, deps) => new SnmpTrapCollector(config, deps),
};

/** The usual one, so that secrets for polling a device are for its traps, too. */
const SNMP_PORT = 161;
const MAX_ERRORS = 20;

class SnmpTrapCollector implements Collector {
  readonly name = 'snmp_trap';
  readonly #deps: CollectorDeps;
  readonly #config: SnmpTrapConfig;
  readonly #readers = new Map<string, TrapReader>();
  readonly #listener: DatagramListener;
  readonly #inputs: OpenListeners<Openable>;
  /** Made at the first run, because it reads what it kept through the restart. */
  #intake: TrapIntake | undefined;

  constructor(config: SnmpTrapConfig, deps: CollectorDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#listener = new DatagramListener(config.udp, {
      onMessage: (datagram, from) => this.#intake?.receive(datagram, from),
      onError: (error) => this.#intake?.refusals.add(`udp: ${error.message}`),
    });
    const input: Openable = {
      name: `udp ${config.udp.address} port ${config.udp.port}`,
      open: () => this.#listener.open(),
      close: () => this.#listener.close(),
    };
    this.#inputs = new OpenListeners('snmp_trap', [input], deps.log);
  }

  /** The actual port, once it is open. */
  get port(): number | undefined {
    return this.#listener.port;
  }

  async collect(signal: AbortSignal): Promise<Collected> {
    const { clock, isTrial = false } = this.#deps;
    const intake = (this.#intake ??= this.#createIntake());
    const unusable = this.#readMissingCredentials();
    await this.#inputs.open();
    const drops = await this.#listener.takeDrops();
    if (drops > 0) intake.refusals.add(`udp: ${DROPPED_BY_THE_SYSTEM}`, drops);
    const nothingCame = isTrial ? await waitForSenders(intake.book, clock, signal) : undefined;
    const problems = [...unusable, ...intake.refusals.takeMostFrequent(MAX_ERRORS)];
    const errors: Error[] = problems.map((problem) => new Error(`snmp_trap: ${problem}`));
    if (nothingCame !== undefined) errors.push(new SilentSenders(`snmp_trap: ${nothingCame}`));
    return { ...intake.take(), errors };
  }

  close(): Promise<void> {
    return this.#inputs.close();
  }

  #createIntake(): TrapIntake {
    const { dataDirectory, identity, isTrial = false, log } = this.#deps;
    const isKept = dataDirectory !== undefined && identity !== undefined && !isTrial;
    return new TrapIntake(this.#config, {
      ...this.#deps,
      readerOf: (name) => this.#readers.get(name),
      answer: (message, to) => this.#listener.send(message, to),
      troubled: openTroubledSendersRecord('snmp_trap', this.#deps),
      record: isKept
        ? openEventStatesRecord(eventStatesFile(dataDirectory, identity), log)
        : noEventStatesRecord,
    });
  }

  /** Secrets that could not be read before are tried again at each run. */
  #readMissingCredentials(): readonly string[] {
    return Object.entries(this.#config.credentials).flatMap(([name, config]) => {
      if (this.#readers.has(name)) return [];
      try {
        const credentials = readCredentials(name, config, process.env);
        this.#readers.set(name, new TrapReader(credentials, engineIdOf(this.#deps.identity ?? 'trial')));
        return [];
      } catch (error) {
        return [messageOf(error)];
      }
    });
  }
}

/** RFC 3411, SnmpEngineID, format "octets": the same after a restart, because senders of informs keep it. */
function engineIdOf(identity: string): Buffer {
  const own = createHash('sha256').update(identity).digest().subarray(0, 12);
  // The enterprise number of net-snmp, whose library answers.
  return Buffer.concat([Buffer.from('80001f8805', 'hex'), own]);
}

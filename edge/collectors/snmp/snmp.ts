import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import type { Sample } from '../../../contract/sample.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { unansweredMs, snmpConfigSchema, type DeviceConfig, type SnmpConfig } from './config.ts';
import { AnswerSize, type KnownAnswerSize } from '../../protocols/snmp/answer-size.ts';
import { Deadline } from '../../protocols/snmp/deadline.ts';
import { AnswerSizesRecord } from './answer-sizes-record.ts';
import { readCredentials, secretsOf } from '../../protocols/snmp/credentials.ts';
import { Device, type DeviceDeps } from './device.ts';
import { KnownStations } from './known-stations.ts';
import { openNetSnmpSession } from '../../protocols/snmp/net-snmp-session.ts';
import type { DevicePoll } from './poll.ts';
import type { ProfileLibrary } from './profile/library.ts';
import { ProfileFiles } from './profile/profile-files.ts';
import { SnmpError } from '../../protocols/snmp/session.ts';

/** Network nodes, UPSs, PDUs and servers over SNMP v2c and v3. */
export const snmpKind: CollectorKind<SnmpConfig> = {
  kind: 'snmp',
  configSchema: snmpConfigSchema,
  defaultIntervalMs: 60_000,
  rateBaseMs: 2_000,
  minimumIntervalMs: unansweredMs,
  needs: ({ devices }) => ({ hosts: devices.map(({ address }) => address) }),
  reaches: ({ devices, credentials }) => ({
    targets: devices.map(({ address, port, credentials: name }, at) => ({
      setting: `devices[${at}].address`,
      use: 'snmp',
      host: address,
      port,
      secrets: secretsOf(credentials[name], `credentials.${name}`),
    })),
    files: [],
  }),
  create: (config, deps) => {
    const stations = new KnownStations();
    const files = new ProfileFiles(deps.profilesDirectory);
    let loaded = files.load();
    const profiles = (): ProfileLibrary => loaded.library;
    const record = new AnswerSizesRecord(deps);
    const sizes = record.read();
    const devices = config.devices.map((device) =>
      toDevice(device, config, { ...deps, stations, profiles, known: sizes[device.device] }),
    );
    return createSnmpCollector(devices, deps, record, () => {
      loaded = files.load();
      return loaded.problems.map((problem) => new Error(problem));
    });
  },
};

/** Devices read at the same time. */
const MAX_PARALLEL = 16;
/** On a WAN 50 values fit into a packet; a LAN takes fragments. */
const ANSWER_SIZES = { lan: { start: 50, most: 120 }, wan: { start: 20, most: 50 } } as const;
/** Of the time for a run; the rest is for what was read so far. */
const READING_SHARE = 0.9;
const DEFAULT_TIMEOUT_MS = 60_000;

interface DeviceKnowledge extends Pick<DeviceDeps, 'stations' | 'profiles'> {
  /** From before a restart. */
  readonly known: KnownAnswerSize | undefined;
}

function toDevice(
  device: DeviceConfig,
  config: SnmpConfig,
  { clock, guard, stations, profiles, known }: CollectorDeps & DeviceKnowledge,
): Device {
  const { address, port, answersFrom, credentials: name } = device;
  return new Device({
    name: device.device,
    address: port === 161 ? address : `${address}:${port}`,
    ...(isIP(address) !== 0 && { ipAddress: address }),
    answerSize: new AnswerSize(ANSWER_SIZES[device.link], known),
    stations,
    profiles,
    phase: createHash('sha256').update(device.device).digest().readUInt16BE() / 0x1_0000,
    clock,
    openSession: async (signal) => {
      const found = config.credentials[name];
      if (found === undefined) throw new SnmpError('unsent', `no credentials ${name}`);
      const credentials = readCredentials(name, found, process.env);
      return openNetSnmpSession(
        { address, port, answersFrom, guard, credentials, replyTimeoutMs: config.replyTimeoutMs },
        signal,
      );
    },
  });
}

/** `prepare`: before each run; what is wrong then. */
export function createSnmpCollector(
  devices: readonly Device[],
  deps: CollectorDeps,
  record = new AnswerSizesRecord(deps),
  prepare: () => readonly Error[] = () => [],
): Collector {
  const permits = new Semaphore(MAX_PARALLEL);
  const probes = new RecoveryProbes();
  const limitMs = (deps.timeoutMs ?? DEFAULT_TIMEOUT_MS) * READING_SHARE;
  const sizes = (): Record<string, KnownAnswerSize> =>
    Object.fromEntries(devices.map(({ name, answerSize }) => [name, answerSize]));
  return {
    name: 'snmp',
    collect: async (signal) => {
      const run = new Deadline(deps.clock, signal, limitMs);
      const problems = prepare();
      try {
        const earlier = probes.take();
        const givenUp = devices.filter((device) => device.isGivenUp);
        const answering = devices.filter((device) => !device.isGivenUp);
        const polls = await Promise.all(answering.map((device) => device.poll(permits, run.signal)));
        for (const device of givenUp) probes.start(device);
        return toCollected([...earlier, ...polls], problems, deps);
      } finally {
        run.clear();
        record.writeIfDue(sizes);
      }
    },
    close: async () => {
      record.write(sizes());
      await probes.close();
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}

/** Probes devices whose circuit breaker is open, between the runs: no run waits for them, and their answer comes with the next run. */
class RecoveryProbes {
  readonly #stop = new AbortController();
  readonly #underWay = new Map<Device, Promise<void>>();
  #results: DevicePoll[] = [];

  constructor() {
    setMaxListeners(0, this.#stop.signal);
  }

  start(device: Device): void {
    if (this.#underWay.has(device)) return;
    const probing = device.probe(this.#stop.signal).then((result) => {
      this.#underWay.delete(device);
      this.#results.push(result);
    });
    this.#underWay.set(device, probing);
  }

  take(): readonly DevicePoll[] {
    const results = this.#results;
    this.#results = [];
    return results;
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the collector is closed'));
    await Promise.all(this.#underWay.values());
  }
}

function toCollected(
  polls: readonly DevicePoll[],
  problems: readonly Error[],
  { commonTags }: CollectorDeps,
): Collected {
  const samples = polls.flatMap(({ readings, deviceName }) =>
    readings.map(({ measurement, tags, fields, timeMs }): Sample => ({
      measurement,
      tags: { ...commonTags, device: deviceName, ...tags },
      fields,
      timeMs,
    })),
  );
  const errors = [...problems, ...polls.flatMap((poll) => poll.errors)];
  const [first] = errors;
  if (samples.length === 0 && first !== undefined) throw first;
  return { samples, errors };
}

import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import type { Clock } from '../../../runtime/clock.ts';
import { readYamlHere } from '../../../runtime/yaml-thread.ts';
import type { Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { unansweredMs, snmpConfigSchema, type DeviceConfig, type SnmpConfig } from './config.ts';
import { AnswerSize, type KnownAnswerSize } from '../../protocols/snmp/answer-size.ts';
import { Deadline } from '../../protocols/snmp/deadline.ts';
import { AnswerSizesRecord } from './answer-sizes-record.ts';
import { readCredentials, secretsOf } from '../../protocols/snmp/credentials.ts';
import { Device, type DeviceDeps } from './device.ts';
import { KnownStations } from './known-stations.ts';
import { openSnmpSession } from '../../protocols/snmp/open-session.ts';
import type { DevicePoll } from './poll.ts';
import type { ProfileLibrary } from './profile/library.ts';
import { ProfileFiles } from './profile/profile-files.ts';
import { ReadingPlaces } from './reading-places.ts';
import { SampleParcels } from './sample-parcels.ts';
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
    const files = new ProfileFiles(deps.profilesDirectory, deps.readYaml ?? readYamlHere, config.profiles);
    const profiles = (): ProfileLibrary => files.loaded.library;
    const record = new AnswerSizesRecord(deps);
    const sizes = record.read();
    const devices = config.devices.map((device) =>
      toDevice(device, config, { ...deps, stations, profiles, known: sizes[device.device] }),
    );
    return createSnmpCollector(devices, deps, record, async (signal) => {
      await refreshInTime(files, deps.clock, signal);
      return files.loaded.problems.map((problem) => new Error(problem));
    });
  },
};

/** On a WAN 50 values fit into a packet; a LAN takes fragments. */
const ANSWER_SIZES = { lan: { start: 50, most: 120 }, wan: { start: 20, most: 50 } } as const;
/** Of the time for a run; the rest is for what was read so far. */
const READING_SHARE = 0.9;
const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_PROFILES_MS = 3_000;

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
      return openSnmpSession(
        { address, port, answersFrom, guard, credentials, replyTimeoutMs: config.replyTimeoutMs },
        signal,
      );
    },
  });
}

/** Devices do not wait for files that take long to read: their profiles count from a later run on. */
async function refreshInTime(files: ProfileFiles, clock: Clock, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const waited = clock.sleep(MAX_PROFILES_MS, AbortSignal.any([signal, done.signal])).catch(() => undefined);
  await Promise.race([files.refresh(), waited]);
  done.abort();
}

/** `prepare`: before each run; what is wrong then. Never rejects. */
export function createSnmpCollector(
  devices: readonly Device[],
  deps: CollectorDeps,
  record = new AnswerSizesRecord(deps),
  prepare: (signal: AbortSignal) => Promise<readonly Error[]> = async () => [],
): Collector {
  const permits = new ReadingPlaces(deps.clock);
  const probes = new RecoveryProbes();
  const limitMs = (deps.timeoutMs ?? DEFAULT_TIMEOUT_MS) * READING_SHARE;
  const sizes = (): Record<string, KnownAnswerSize> =>
    Object.fromEntries(devices.map(({ name, answerSize }) => [name, answerSize]));
  return {
    name: 'snmp',
    collect: async (signal) => {
      const run = new Deadline(deps.clock, signal, limitMs);
      try {
        const problems = await prepare(run.signal);
        const earlier = probes.take();
        const givenUp = devices.filter((device) => device.isGivenUp);
        const answering = devices.filter((device) => !device.isGivenUp);
        const parcels = new SampleParcels(deps, problems);
        for (const poll of earlier) parcels.add(poll);
        await Promise.all(
          answering.map(async (device) => parcels.add(await device.poll(permits, run.signal))),
        );
        for (const device of givenUp) probes.start(device);
        return parcels.rest();
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

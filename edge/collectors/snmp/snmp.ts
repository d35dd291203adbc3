import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import type { Sample } from '../../../contract/sample.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { unansweredMs, snmpConfigSchema, type DeviceConfig, type SnmpConfig } from './config.ts';
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
    const devices = config.devices.map((device) => toDevice(device, config, { ...deps, stations, profiles }));
    return createSnmpCollector(devices, deps, () => {
      loaded = files.load();
      return loaded.problems.map((problem) => new Error(problem));
    });
  },
};

/** Devices read at the same time. */
const MAX_PARALLEL = 16;
const MAX_REPETITIONS = { lan: 25, wan: 10 } as const;

function toDevice(
  device: DeviceConfig,
  config: SnmpConfig,
  { clock, guard, stations, profiles }: CollectorDeps & Pick<DeviceDeps, 'stations' | 'profiles'>,
): Device {
  const { address, port, credentials: name } = device;
  return new Device({
    name: device.device,
    address: port === 161 ? address : `${address}:${port}`,
    ...(isIP(address) !== 0 && { ipAddress: address }),
    maxRepetitions: MAX_REPETITIONS[device.link],
    stations,
    profiles,
    phase: createHash('sha256').update(device.device).digest().readUInt16BE() / 0x1_0000,
    clock,
    openSession: async (signal) => {
      const found = config.credentials[name];
      if (found === undefined) throw new SnmpError('unsent', `no credentials ${name}`);
      const credentials = readCredentials(name, found, process.env);
      return openNetSnmpSession(
        { address, port, guard, credentials, replyTimeoutMs: config.replyTimeoutMs },
        signal,
      );
    },
  });
}

/** `prepare`: before each run; what is wrong then. */
export function createSnmpCollector(
  devices: readonly Device[],
  deps: CollectorDeps,
  prepare: () => readonly Error[] = () => [],
): Collector {
  const permits = new Semaphore(MAX_PARALLEL);
  const probes = new RecoveryProbes();
  return {
    name: 'snmp',
    collect: async (signal) => {
      const run = new Run(signal);
      const problems = prepare();
      try {
        const earlier = probes.take();
        const givenUp = devices.filter((device) => device.isGivenUp);
        const answering = devices.filter((device) => !device.isGivenUp);
        const polls = await Promise.all(answering.map((device) => device.poll(permits, run.signal)));
        for (const device of givenUp) probes.start(device);
        return toCollected([...earlier, ...polls], problems, deps);
      } finally {
        run.end();
      }
    },
    close: async () => {
      await probes.close();
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}

/** A separate signal for one run: hundreds of devices listen to it, and Node warns above ten listeners. */
class Run {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onAbort = (): void => this.#controller.abort(this.#outer.reason);

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    setMaxListeners(0, this.#controller.signal);
    outer.addEventListener('abort', this.#onAbort, { once: true });
    if (outer.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#outer.removeEventListener('abort', this.#onAbort);
  }
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

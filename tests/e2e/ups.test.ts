import { afterAll, beforeAll, expect, it } from 'vitest';
import { upsKind } from '../../edge/collectors/ups/ups.ts';
import { systemClock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freePort } from '../support/free-port.ts';
import { startNut, type NutServer } from '../support/nut.ts';
import { describeWith } from '../support/parts.ts';
import { throughCentral } from '../support/through-central.ts';

const FULL = {
  'ups.status': 'OL CHRG',
  'ups.load': '34',
  'battery.charge': '87',
  'battery.charge.low': '20',
  'battery.runtime': '1500',
  'battery.runtime.low': '180',
  'battery.voltage': '27.1',
  'input.voltage': '231.4',
  'input.frequency': '50.0',
  'output.voltage': '230.2',
  'ups.realpower': '412',
  'ups.realpower.nominal': '1200',
  'ups.temperature': '31.5',
  'ups.firmware': '02.14.0026',
  'device.serial': 'G117E',
};

describeWith(['upsd'], 'the collector ups against a real upsd', () => {
  let nut: NutServer;
  let deadPort: number;
  beforeAll(async () => {
    deadPort = await freePort();
    nut = await startNut({ eaton: FULL, apc: { 'ups.status': 'OB LB', 'battery.runtime': '120' } });
  });
  afterAll(() => nut.stop());

  const collect = async (...servers: readonly object[]) => {
    const config = upsKind.configSchema.parse({ servers });
    const deps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1', unit: '26734' } };
    const collector = upsKind.create(config, deps);
    const { samples, errors } = await collector.collect(new AbortController().signal);
    return { samples, errors: errors.map(({ message }) => message) };
  };
  const own = () => ({
    address: '127.0.0.1',
    port: nut.port,
    upses: [
      { name: 'eaton', device: 'ups-1' },
      { name: 'apc', device: 'ups-2' },
    ],
  });
  const read = () => collect(own());
  const until = (check: (read: Awaited<ReturnType<typeof collect>>) => boolean) =>
    expect.poll(
      async () =>
        check(await read().catch((error: unknown) => ({ samples: [], errors: [messageOf(error)] }))),
      {
        timeout: 30_000,
      },
    );

  it('reads each UPS in the names of Telegraf and in our own, and central takes them all', async () => {
    await until(({ samples }) => samples.length === 4).toBe(true);
    const { samples, errors } = await read();
    expect(errors).toEqual([]);
    const [upsd, power, , second] = samples;
    expect(upsd).toMatchObject({
      measurement: 'upsd',
      tags: { host: 'gw-1', device: 'ups-1', ups_name: 'eaton', serial: 'G117E' },
      fields: {
        status_flags: 8,
        ups_status: 'OL CHRG',
        time_left_ns: 1_500_000_000_000n,
        nominal_power: 1_200,
      },
    });
    expect(power).toMatchObject({
      measurement: 'power',
      tags: { host: 'gw-1', unit: '26734', device: 'ups-1' },
      fields: {
        output_source: 3,
        on_battery: false,
        mains_ok: true,
        runtime_minutes: 25,
        charge_pct: 87,
        load_pct: 34,
      },
    });
    expect(second).toMatchObject({
      tags: { device: 'ups-2' },
      fields: { output_source: 5, on_battery: true, mains_ok: false, battery_status: 3, runtime_minutes: 2 },
    });
    expect(second?.fields).not.toHaveProperty('charge_pct');
    expect(throughCentral(samples)).toEqual({ points: 4, refusals: [] });
  });

  it('finds the UPSs itself, beside a server that is down and a UPS that is missing', async () => {
    const { samples, errors } = await collect(
      { address: '127.0.0.1', port: nut.port },
      { address: '127.0.0.1', port: deadPort },
      { address: 'localhost', port: nut.port, upses: [{ name: 'nothing', device: 'ups-3' }] },
    );
    expect(samples.map(({ tags }) => tags['device'])).toEqual([
      'eaton@127.0.0.1',
      'eaton@127.0.0.1',
      'apc@127.0.0.1',
      'apc@127.0.0.1',
    ]);
    expect(errors).toEqual([
      `ups server 127.0.0.1:${deadPort}: connection refused`,
      `ups nothing@localhost:${nut.port}: UNKNOWN-UPS, the server has no UPS of this name`,
    ]);
  });

  it('follows a power cut', async () => {
    nut.set('eaton', { ...FULL, 'ups.status': 'OB DISCHRG', 'battery.charge': '60', 'input.voltage': '0.0' });
    await until(({ samples }) => samples[1]?.fields['on_battery'] === true).toBe(true);
    expect((await read()).samples[1]?.fields).toMatchObject({
      output_source: 5,
      mains_ok: false,
      alarms_count: 1,
    });
  });

  it('logs in where it is told to, and says what the server says of it', async () => {
    const login = (password: string) => ({
      ...own(),
      login: { username: 'reader', password: { value: password } },
    });
    expect((await collect(login('right'))).errors).toEqual([]);
    await expect(collect({ ...own(), tls: 'needed' })).rejects.toThrow(
      /no TLS: FEATURE-NOT-CONFIGURED, the server has no certificate for TLS; not read: eaton, apc$/,
    );
  });

  it('says of a driver that hangs that its data is stale, and of one that is gone that it is gone; never zero', async () => {
    nut.signal('apc', 'SIGSTOP');
    await until(({ errors }) => errors.some((error) => error.includes('DATA-STALE'))).toBe(true);
    const { samples, errors } = await read();
    expect(samples.map(({ tags }) => tags['device'])).toEqual(['ups-1', 'ups-1']);
    expect(errors).toEqual([
      `ups apc@127.0.0.1:${nut.port}: DATA-STALE, the driver has no fresh data: check the cable to the UPS`,
    ]);
    await nut.kill('apc');
    await until(({ errors: now }) => now.some((error) => error.includes('DRIVER-NOT-CONNECTED'))).toBe(true);
  });
});

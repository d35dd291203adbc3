import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pollRecordings } from '../testing/poll-recording.ts';
import { shippedLibrary } from '../testing/shipped-library.ts';

/** Recordings of real SNMP agents, kept outside the project. */
const DIRECTORY = join(import.meta.dirname, '../../../../../shared/data/snmp');
/** Small inputs after public reports, beside them. */
const REPORTS = join(DIRECTORY, '../reports/snmp');

async function told(name: string) {
  const recording = readFileSync(join(DIRECTORY, `${name}.snmprec`), 'utf8');
  return new Map((await pollRecordings(shippedLibrary(), recording)).map(({ row, fields }) => [row, fields]));
}

describe.skipIf(!existsSync(DIRECTORY))('a real', () => {
  it('5G gateway with the agent of net-snmp is a Teltonika, with its model, software and temperature', async () => {
    expect((await told('gateway-5g-teltonika-trb500')).get('device')).toMatchObject({
      vendor: 'teltonika',
      model: 'TRB500',
      software: 'TRB500_R_00.07.06.10',
      temperature_celsius: 36,
    });
  });

  it('radio tells signal, noise and speeds of its link', async () => {
    expect((await told('radio-ubiquiti-m5')).get('radio_link link=radio 1')).toEqual({
      frequency_mhz: 5_860,
      tx_power_dbm: 27,
      distance_m: 600,
      signal_dbm: -64,
      noise_dbm: -101,
      quality_pct: 99,
      tx_rate_mbps: 162,
      rx_rate_mbps: 120,
      stations_count: 1,
    });
  });

  it('PDU tells its outlets by name, and how loaded its phases and banks are', async () => {
    const rows = await told('pdu-apc-ap7902b');
    expect(rows.get('power line=outlet 16')).toMatchObject({
      outlet_on: false,
      outlet_name: 'SW-CO-XFER-RACK-01-PRI',
    });
    expect(rows.get('power line=phase 1')).toMatchObject({ load_state: 2 });
    expect(rows.get('device')).toMatchObject({ vendor: 'apc', model: 'AP7902B', software: '6.7.2' });
  });
});

/** Of these the alert about full storage judges; that memory is full says nothing. */
const STORAGE_TYPES = /\btype=(?:fixed_disk|removable_disk|flash_memory|network_disk|ram_disk)$/;

describe.skipIf(!existsSync(DIRECTORY) || !existsSync(REPORTS))(
  'storage of real devices (needs ../shared/data/snmp and ../shared/data/reports/snmp)',
  () => {
    it('is nearly full at one drive only: what is always full has no share', async () => {
      const full: string[] = [];
      for (const directory of [DIRECTORY, REPORTS])
        for (const file of readdirSync(directory).filter((name) => name.endsWith('.snmprec'))) {
          const rows = await pollRecordings(shippedLibrary(), readFileSync(join(directory, file), 'utf8'));
          for (const { row, fields } of rows)
            if (
              row.startsWith('device_storage ') &&
              STORAGE_TYPES.test(row) &&
              Number(fields['used_pct']) > 95
            )
              full.push(`${file} ${row}`);
        }
      expect(full).toEqual(['windows-drives.snmprec device_storage storage=E:\\ type=fixed_disk']);
    });
  },
);

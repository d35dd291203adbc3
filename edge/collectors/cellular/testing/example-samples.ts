import { readFileSync } from 'node:fs';
import type { Sample } from '../../../../contract/sample.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { CollectorDeps } from '../../collector.ts';
import { createCellularCollector } from '../cellular.ts';
import { cellularConfigSchema } from '../config.ts';
import { MmSource } from '../modemmanager/mm-source.ts';
import type { RadioSource } from '../radio-source.ts';
import type { RadioState } from '../radio-state.ts';

const read = (name: string) =>
  readFileSync(new URL(`../modemmanager/testdata/${name}.json`, import.meta.url), 'utf8');

/** mmcli with the recorded answers of a modem. */
function recorded(technology: 'sa' | 'nsa', clock: ManualClock): RadioSource {
  const answers: Readonly<Record<string, string>> = {
    '-L': read('list'),
    '--signal-get': read(`signal-${technology}`),
    '--get-cell-info': read('cell-info-nsa'),
    '--location-get': read('location-fix'),
  };
  return new MmSource(
    { modem: undefined, refreshS: 1, wantsPosition: true },
    {
      clock,
      run: async (args) => {
        const asked = args.find((arg) => arg in answers || arg.startsWith('--'));
        const stdout = asked === undefined ? read(`modem-${technology}`) : (answers[asked] ?? '');
        return { error: null, stdout, stderr: '' };
      },
    },
  );
}

/** A modem that loses signal and network for half a minute. */
function failing(clock: ManualClock): RadioSource {
  const good: RadioState = {
    rat: 'nr',
    plmn: '45204',
    band: 'n78',
    registered: true,
    roaming: false,
    fields: { rsrp_dbm: -80, rsrq_db: -10, sinr_db: 20, pci: 501, arfcn: 632_628, cell_id: '1', tac: 7 },
  };
  const weak: RadioState = { ...good, fields: { rsrp_dbm: -120, sinr_db: -5 } };
  const none: RadioState = { rat: 'none', registered: false, roaming: false, fields: {} };
  const lte: RadioState = { ...good, rat: 'lte', band: 'b3', fields: { rsrp_dbm: -90, rssi_dbm: -60 } };
  const startMs = clock.now();
  return {
    target: 'simulated',
    read: async () => {
      const second = (clock.now() - startMs) / 1_000;
      const state = second < 5 ? good : second < 20 ? weak : second < 35 ? none : second < 50 ? lte : good;
      return { state, problems: [] };
    },
    close: async () => undefined,
  };
}

/** States and signal dips of two recorded modems and a simulated one, over 70 s. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const clock = new ManualClock();
  const config = cellularConfigSchema.parse({
    modems: ['sa', 'nsa', 'failing'].map((device) => ({ device, source: 'modemmanager' })),
  });
  const collector = createCellularCollector(config, { ...deps, clock }, ({ device }) =>
    device === 'sa' || device === 'nsa' ? recorded(device, clock) : failing(clock),
  );
  const samples: Sample[] = [];
  for (let second = 0; second < 70; second++) {
    samples.push(...(await collector.collect(new AbortController().signal)).samples);
    await clock.advance(1_000);
  }
  await collector.close();
  return samples;
}

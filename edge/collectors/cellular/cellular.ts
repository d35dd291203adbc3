import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { runProgram } from '../../protocols/system/run-program.ts';
import type { TargetSetting } from '../../protocols/reach.ts';
import { secretsOf } from '../../protocols/snmp/credentials.ts';
import { openSnmpSession } from '../../protocols/snmp/open-session.ts';
import { AtSource } from './at/at-source.ts';
import { openSerialPort } from './at/serial-port.ts';
import { cellularConfigSchema, type CellularConfig, type ModemConfig } from './config.ts';
import { noDipsRecord, openDipsRecord, readOnly, type DipsRecord } from './dips/dips-record.ts';
import { dipRules, MAX_GAP_MS } from './dips/dip-config.ts';
import { loadH3 } from '../../../runtime/h3-cells.ts';
import { Modem } from './modem.ts';
import { MmSource } from './modemmanager/mm-source.ts';
import type { RadioSource } from './radio-source.ts';
import { TeltonikaSource } from './teltonika/teltonika-source.ts';

/** 5G and LTE modems: their state at intervals, and signal dips (sụt sóng) from readings each second. */
export const cellularKind: CollectorKind<CellularConfig> = {
  kind: 'cellular',
  configSchema: cellularConfigSchema,
  defaultIntervalMs: 1_000,
  /** No dips are found in readings further apart. */
  maximumIntervalMs: () => MAX_GAP_MS,
  reaches: ({ modems }) => ({
    targets: modems.flatMap((modem, at) =>
      modem.source === 'teltonika' ? [routerTarget(modem, `modems[${at}]`)] : [],
    ),
    files: modems.flatMap((modem, at) =>
      modem.source === 'at' ? [{ setting: `modems[${at}].port`, path: modem.port, isDevice: true }] : [],
    ),
  }),
  create: (config, deps) => createCellularCollector(config, deps, (modem) => openSource(modem, deps)),
};

function routerTarget(
  { address, port, credentials }: Extract<ModemConfig, { source: 'teltonika' }>,
  at: string,
): TargetSetting {
  const secrets = secretsOf(credentials, `${at}.credentials`);
  return { setting: `${at}.address`, use: 'snmp', host: address, port, secrets };
}

export function createCellularCollector(
  { modems: configs, reportEveryMs, dips }: CellularConfig,
  deps: CollectorDeps,
  sourceOf: (config: ModemConfig) => RadioSource,
): Collector {
  const { clock, commonTags } = deps;
  const modems = configs.map((config) => {
    const { device, position, bestGeneration } = config;
    const record = recordOf(device, deps);
    return new Modem(
      { device, tags: commonTags, position, reportEveryMs, dipRules: dipRules(dips, bestGeneration) },
      { source: sourceOf(config), record, clock, loadCells: loadH3 },
    );
  });
  return {
    name: 'cellular',
    collect: async (signal) => {
      setMaxListeners(0, signal);
      return joined(await Promise.all(modems.map((modem) => modem.collect(signal))));
    },
    close: async () => {
      await Promise.all(modems.map((modem) => modem.close()));
    },
  };
}

/** The file name is a hash: device names may be long, and of any script. */
function recordOf(device: string, { dataDirectory, isTrial, log }: CollectorDeps): DipsRecord {
  if (dataDirectory === undefined) return noDipsRecord;
  const name = createHash('sha256').update(device).digest('hex').slice(0, 16);
  const record = openDipsRecord(join(dataDirectory, `cellular-dips-${name}.json`), log);
  return isTrial === true ? readOnly(record) : record;
}

function joined(parts: readonly Collected[]): Collected {
  const samples = parts.flatMap((part) => part.samples);
  const errors = parts.flatMap((part) => part.errors);
  const [first] = errors;
  // A run without samples is no failure by itself: often nothing is due.
  if (first !== undefined && parts.every((part) => part.errors.length > 0 && part.samples.length === 0))
    throw first;
  return { samples, errors };
}

const MMCLI_TIMEOUT_MS = 5_000;

function openSource(config: ModemConfig, { clock, guard }: CollectorDeps): RadioSource {
  switch (config.source) {
    case 'modemmanager': {
      const { modem, refreshS, gnss } = config;
      const run = (args: readonly string[], signal: AbortSignal) =>
        runProgram('mmcli', args, { timeoutMs: MMCLI_TIMEOUT_MS, signal });
      return new MmSource({ modem, refreshS, wantsPosition: gnss }, { run, clock });
    }
    case 'at': {
      const { port, baudRate, gnss } = config;
      return new AtSource({ path: port, baudRate, wantsPosition: gnss }, { open: openSerialPort, clock });
    }
    case 'teltonika': {
      const { address, port, credentials, replyTimeoutMs, modem } = config;
      return new TeltonikaSource(
        { address, port, guard, credentials, replyTimeoutMs, modem },
        { open: openSnmpSession },
      );
    }
  }
}

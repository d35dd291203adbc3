import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discover, type Discovered } from '../edge/discover/discover.ts';
import { readDiscoverConfig, type DiscoverSources } from '../edge/discover/discover-config.ts';
import {
  collectorsYaml,
  inventoryYaml,
  proposeDevices,
  type ProposedDevice,
} from '../edge/discover/discovered-files.ts';
import { expandRanges } from '../edge/discover/ranges.ts';
import { openSnmpSession } from '../edge/protocols/snmp/open-session.ts';
import { systemClock } from '../runtime/clock.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { makeDirectory } from '../runtime/make-directory.ts';
import { textTable } from './text-table.ts';
import { print, printError, terminalJson, terminalText } from './terminal.ts';

export interface DiscoverCommand extends DiscoverSources {
  readonly port: number;
  readonly rate: number;
  readonly timeout: number;
  readonly outDir: string;
  readonly force?: true;
  readonly json?: true;
  readonly print?: true;
}

const FILES = { inventory: 'discovered-inventory.yaml', collectors: 'discovered-collectors.yaml' } as const;

/** Searches for SNMP devices and writes what it found for review. When interrupted, it writes what it has found so far and exits with 1. */
export async function runDiscover(
  ranges: readonly string[],
  options: DiscoverCommand,
  signal: AbortSignal,
): Promise<void> {
  const addresses = expandRanges(ranges);
  const config = await readDiscoverConfig(options, process.env);
  const isWriting = options.print !== true;
  if (isWriting) refuseToOverwrite(options);
  const progress = createProgressBar(addresses.length);
  const discovered = await discover(
    {
      addresses,
      credentials: config.credentials,
      port: options.port,
      packetsPerS: options.rate,
      replyTimeoutMs: options.timeout,
      openSession: openSnmpSession,
      profiles: config.profiles,
      clock: systemClock,
      env: process.env,
      onProbed: progress.show,
    },
    signal,
  );
  progress.end();
  const devices = proposeDevices(discovered.findings, config.known);
  if (isWriting) {
    const { port } = options;
    makeDirectory(options.outDir, 0o777);
    write(options, FILES.inventory, inventoryYaml(devices, config.place));
    write(options, FILES.collectors, collectorsYaml(devices, { credentials: config.credentials, port }));
  }
  print(options.json === true ? asJson(devices, discovered) : asTable(devices, discovered));
  const summary = `${devices.length} devices at ${discovered.probedCount} of ${addresses.length} addresses`;
  const where = isWriting
    ? `; see ${Object.values(FILES)
        .map((file) => join(options.outDir, file))
        .join(' and ')}`
    : '';
  if (signal.aborted) throw new UserError(EXIT.failure, [`interrupted: ${summary}${where}`]);
  printError(`${summary}${where}\n`);
}

function refuseToOverwrite({ outDir, force }: DiscoverCommand): void {
  if (force === true) return;
  const present = Object.values(FILES)
    .map((file) => join(outDir, file))
    .filter((file) => existsSync(file));
  if (present.length === 0) return;
  throw new UserError(
    EXIT.badConfig,
    present.map((file) => `${file} exists already: move it, choose another --out-dir, or use --force`),
  );
}

/** Readable by its owner only: it lists addresses and the credentials that they accept. */
function write({ outDir, force }: DiscoverCommand, file: string, text: string): void {
  writeFileSync(join(outDir, file), text, { mode: 0o600, flag: force === true ? 'w' : 'wx' });
}

const BAR_WIDTH = 30;

/** A line that is redrawn on the terminal; nothing without a terminal. */
function createProgressBar(total: number): { show: (done: number) => void; end: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done) => {
      const filled = Math.round((done / total) * BAR_WIDTH);
      stderr.write(
        `\r\u001b[K[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${done} of ${total} addresses`,
      );
    },
    end: () => stderr.write('\n'),
  };
}

function asJson(devices: readonly ProposedDevice[], { refusals }: Discovered): string {
  const lines = [
    ...devices.map(({ id, finding, otherAddresses, parent, isKnown }) => ({
      event: 'device',
      id,
      ...finding,
      otherAddresses,
      parent,
      isKnown,
    })),
    ...refusals.map((refusal) => ({ event: 'refusal', ...refusal })),
  ];
  return lines.map((line) => terminalJson(line)).join('');
}

const MAX_DESCRIPTION = 40;

function asTable(devices: readonly ProposedDevice[], { refusals }: Discovered): string {
  const rows = devices.map(({ id, finding, otherAddresses, parent, isKnown }) => [
    [finding.address, ...otherAddresses].join(' '),
    id,
    finding.kind,
    finding.vendor ?? '',
    finding.model ?? '',
    String(finding.interfaceCount),
    String(finding.neighbours.length),
    parent ?? '',
    finding.credentials,
    `${isKnown ? '(known) ' : ''}${(finding.description ?? '').slice(0, MAX_DESCRIPTION)}`,
  ]);
  const head = [
    'ADDRESS',
    'ID',
    'KIND',
    'VENDOR',
    'MODEL',
    'PORTS',
    'LLDP',
    'PARENT',
    'CREDENTIALS',
    'DESCRIPTION',
  ];
  const refused = refusals.map(({ address, reason }) => `${address}: answers, but ${terminalText(reason)}\n`);
  return [devices.length === 0 ? '' : textTable(head, rows, [5, 6]), ...refused].join('');
}

import { parseCounter, toField, words } from '../../protocols/system/counter.ts';
import type { DiskReadings } from './disk-probe.ts';
import { malformed, SourceError } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

interface Block {
  /** `md0 : active raid1 sdb1[1] sda1[0]`. */
  readonly head: string;
  /** The lines below it: size and members, then bitmap and progress. */
  readonly rest: string;
}

/** md's own maximum. */
const MAX_ARRAYS = 512;
const MAX_DEVICES_TAG_CHARS = 128;

/**
 * /proc/mdstat, md(4): one reading an array. Telegraf's `mdstat` in snake_case, and `degraded`: a member is missing or
 * failed, or the array is not running. An array that cannot be parsed is an error alone. Pure.
 */
export function mdstatReadings(text: string): DiskReadings {
  const readings: Reading[] = [];
  const errors: SourceError[] = [];
  for (const block of blocksOf(text).slice(0, MAX_ARRAYS)) {
    try {
      readings.push(arrayReading(block));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      errors.push(error);
    }
  }
  return { readings, errors };
}

function blocksOf(text: string): Block[] {
  const blocks: { head: string; rest: string }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^(Personalities|unused devices|read_ahead)\b/.test(line)) continue;
    const block = /^\s/.test(line) ? blocks.at(-1) : undefined;
    if (block === undefined) blocks.push({ head: line, rest: '' });
    else block.rest += `${line.trim()}\n`;
  }
  return blocks;
}

function arrayReading({ head, rest }: Block): Reading {
  if (!/^\S+ : [a-z-]{1,32}(\s|$)/.test(head)) {
    throw malformed('/proc/mdstat', head, 'an array and its state as in md(4)');
  }
  // Active, inactive or broken (MD_BROKEN: too many members lost). Any other state counts as degraded too.
  const [name = '', , state = ''] = words(head);
  const members = words(head).filter((word) => /^[^\s[\]]+\[\d+\](\([A-Z]\))*$/.test(word));
  const blocks = parseCounter(/^(\d+) blocks\b/.exec(rest)?.[1]);
  if (blocks === undefined) throw malformed('/proc/mdstat', rest, `the size of ${name} in blocks`);
  const [, totalText, activeText] = /\[(\d{1,4})\/(\d{1,4})\]/.exec(rest) ?? [];
  // raid0 and linear have no redundancy and print no [n/m].
  const total = totalText === undefined ? (state === 'inactive' ? 0 : members.length) : Number(totalText);
  const active = activeText === undefined ? total : Number(activeText);
  const failed = members.filter((member) => member.includes('(F)')).length;
  // Containers of vendor formats are never active themselves; the arrays in them are.
  const isContainer = /\bsuper external:[^/]/.test(rest);
  const progress = progressOf(rest, name);
  return {
    measurement: 'mdstat',
    tags: {
      name,
      activity_state: progress?.state ?? state,
      ...deviceTag(members),
    },
    fields: {
      blocks_total: toField(blocks),
      disks_total: total,
      disks_active: active,
      disks_down: Math.max(0, total - active),
      disks_failed: failed,
      disks_spare: members.filter((member) => member.includes('(S)')).length,
      degraded: (state !== 'active' && !isContainer) || active < total || failed > 0,
      blocks_synced: toField(progress === undefined ? blocks : progress.synced),
      ...progress?.fields,
    },
  };
}

function deviceTag(members: readonly string[]): Record<string, string> {
  const devices = members
    .map((member) => member.replace(/\[.*/, ''))
    .sort()
    .join();
  return devices === '' ? {} : { devices: devices.slice(0, MAX_DEVICES_TAG_CHARS) };
}

const STATES: Readonly<Record<string, string>> = {
  recovery: 'recovering',
  resync: 'resyncing',
  check: 'checking',
  repair: 'repairing',
  reshape: 'reshaping',
};

interface Progress {
  readonly state: string;
  readonly synced: bigint;
  readonly fields: Readonly<Record<string, number>>;
}

/** `[==>…] recovery = 12.6% (37043392/292945152) finish=127.5min speed=33440K/sec`, or `resync=DELAYED`. */
function progressOf(rest: string, name: string): Progress | undefined {
  const [line, action, value] = /\b(recovery|resync|check|repair|reshape)\s*=\s*(\S+).*/.exec(rest) ?? [];
  if (line === undefined || action === undefined) return undefined;
  const state = STATES[action] ?? action;
  if (/^[A-Z]+$/.test(value ?? '')) return { state, synced: 0n, fields: {} };
  const percent = Number(/^(\d{1,3}(?:\.\d+)?)%$/.exec(value ?? '')?.[1]);
  const synced = parseCounter(/\((\d+)\/\d+\)/.exec(line)?.[1]);
  if (!(percent <= 100) || synced === undefined) {
    throw malformed('/proc/mdstat', line, `the progress of the ${action} of ${name}`);
  }
  const finish = /\bfinish=(\d+(?:\.\d+)?)min\b/.exec(line)?.[1];
  const speed = /\bspeed=(\d+)K\/sec\b/.exec(line)?.[1];
  return {
    state,
    synced,
    fields: {
      blocks_synced_pct: percent,
      ...(finish !== undefined && { blocks_synced_finish_time: Number(finish) }),
      ...(speed !== undefined && { blocks_synced_speed: Number(speed) }),
    },
  };
}

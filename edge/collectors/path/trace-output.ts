import { isIP } from 'node:net';
import { firstLine } from '../../protocols/ping/ping-output.ts';
import type { Hop, Refusal } from './route.ts';

/** The text is not what this program prints. */
export class TraceOutputError extends Error {
  override readonly name = 'TraceOutputError';
}

export const MAX_HOPS = 30;

/** traceroute(8): `!H`, `!N`, `!P`; `!X`, `!A`, `!Z` and numbers are administrative. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  '!H': 'host unreachable',
  '!N': 'network unreachable',
  '!P': 'protocol unreachable',
};
const HOP_LINE = /^ *(\d{1,2}) +(\S.*)$/;

/** Parses `traceroute -n` of Linux, BusyBox or GNU, complete or cut off. Pure. */
export function parseTraceroute(text: string): readonly Hop[] {
  if (!text.startsWith('traceroute to ')) throw notA('traceroute', text);
  const hops: Hop[] = [];
  for (const line of text.split('\n')) {
    const [, hop, rest = ''] = HOP_LINE.exec(line) ?? [];
    if (hop === undefined || Number(hop) < 1 || Number(hop) > MAX_HOPS) continue;
    const read = parseAnswers(Number(hop), rest);
    if (read.probes > 0) hops.push(read);
  }
  return hops;
}

function parseAnswers(hop: number, text: string): Hop {
  const addresses: string[] = [];
  const rttsMs: number[] = [];
  let lost = 0;
  let refusal: Refusal | undefined;
  for (const word of text.split(/\s+/)) {
    const rtt = /^(\d{1,6}(?:\.\d{1,6})?)(?:ms)?$/.exec(word)?.[1];
    if (word === '*') lost++;
    else if (rtt !== undefined) rttsMs.push(Number(rtt));
    else if (isIP(word) !== 0) addAddress(addresses, word);
    else if (/^!(\w{1,3}|<\d{1,3}>)$/.test(word)) refusal ??= REFUSALS[word] ?? 'filtered';
  }
  return {
    hop,
    addresses,
    rttsMs,
    probes: rttsMs.length + lost,
    lost,
    ...(refusal !== undefined && { refusal }),
  };
}

function addAddress(addresses: string[], address: string): void {
  if (!addresses.includes(address)) addresses.push(address);
}

const TRACEPATH_LINE = /^ *(\d{1,2})(\??): +(\S+)(?: +(\S.*))?$/;

/** Parses `tracepath -n` (iputils), complete or cut off. Pure. */
export function parseTracepath(text: string): readonly Hop[] {
  const hops = new Map<number, Hop>();
  let isTracepath = false;
  for (const line of text.split('\n')) {
    const [, number, isGuess, first = '', rest = ''] = TRACEPATH_LINE.exec(line) ?? [];
    if (number === undefined) continue;
    isTracepath = true;
    // `1?: [LOCALHOST]` is this machine.
    if (isGuess === '?' || Number(number) < 1 || Number(number) > MAX_HOPS) continue;
    const hop = Number(number);
    hops.set(hop, withAnswer(hops.get(hop) ?? silentHop(hop), first, rest));
  }
  if (!isTracepath) throw notA('tracepath', text);
  return [...hops.values()];
}

function silentHop(hop: number): Hop {
  return { hop, addresses: [], rttsMs: [], probes: 0, lost: 0 };
}

function withAnswer(hop: Hop, address: string, rest: string): Hop {
  const probes = hop.probes + 1;
  if (isIP(address) === 0) return { ...hop, probes, lost: hop.lost + 1 };
  const rtt = /(\d{1,6}(?:\.\d{1,6})?)ms/.exec(rest)?.[1];
  const sign = /![A-Z]/.exec(rest)?.[0];
  const refusal = sign === undefined ? hop.refusal : (REFUSALS[sign] ?? 'filtered');
  return {
    ...hop,
    addresses: hop.addresses.includes(address) ? hop.addresses : [...hop.addresses, address],
    rttsMs: rtt === undefined ? hop.rttsMs : [...hop.rttsMs, Number(rtt)],
    probes,
    ...(refusal !== undefined && { refusal }),
  };
}

const PING_ERROR = /^From (\S+?):? icmp_seq=\d+ (.+)$/m;
const PING_REPLY = /^\d+ bytes from (\S+?):? icmp_seq=\d+ .*?time[=<](\d+(?:\.\d+)?) ms/m;

/**
 * Parses `ping -n -c 1 -t <hop>` of iputils, which names the router where the packet expired. Throws for BusyBox, which
 * does not. Pure.
 */
export function parseExpiringPing(hop: number, text: string): Hop {
  if (!/^PING \S+.*\d+(\(\d+\))? (data )?bytes/.test(text) || /^PING .*: \d+ data bytes$/m.test(text)) {
    throw notA('ping that names routers', text);
  }
  const [, target, rtt] = PING_REPLY.exec(text) ?? [];
  if (target !== undefined) {
    return { hop, addresses: [target], rttsMs: [Number(rtt)], probes: 1, lost: 0 };
  }
  const [, router, says = ''] = PING_ERROR.exec(text) ?? [];
  if (router === undefined || isIP(router) === 0) return { ...silentHop(hop), probes: 1, lost: 1 };
  const refusal = pingRefusal(says);
  return {
    hop,
    addresses: [router],
    rttsMs: [],
    probes: 1,
    lost: 0,
    ...(refusal !== undefined && { refusal }),
  };
}

/** By the texts of iputils; undefined: the packet expired there, as intended. */
function pingRefusal(says: string): Refusal | undefined {
  if (/^Time (to live )?exceeded/i.test(says)) return undefined;
  if (/host unreachable|address unreachable/i.test(says)) return 'host unreachable';
  if (/net unreachable|no route/i.test(says)) return 'network unreachable';
  return 'filtered';
}

function notA(program: string, text: string): TraceOutputError {
  return new TraceOutputError(`not the output of a ${program}: ${JSON.stringify(firstLine(text))}`);
}

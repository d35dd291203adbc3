/** A round trip that was begun while a transfer ran. */
export interface Probe {
  /** Since the transfer began. */
  readonly atMs: number;
  /** Of one that was not answered in time: how long it was waited for, which is the least that it took. */
  readonly rttMs: number;
}

/** How far a transfer had come. */
export interface Progress {
  readonly atMs: number;
  readonly bytes: number;
}

export interface LoadedLine {
  /** On connections of their own: what others on the line wait. */
  readonly foreign: readonly Probe[];
  /** On the connection of the transfer; empty where that would measure this machine's own send buffer. */
  readonly self: readonly Probe[];
  readonly progress: readonly Progress[];
  /** The transfer ended by its byte limit, perhaps before the line was full. */
  readonly isCapped: boolean;
}

export const CONFIDENCE = { low: 0, medium: 1, high: 2 } as const;

export interface Responsiveness {
  /** Round trips a minute. */
  readonly rpm: number;
  readonly confidence: (typeof CONFIDENCE)[keyof typeof CONFIDENCE];
  readonly probes: number;
}

const MS_PER_MINUTE = 60_000;
/** Of the time of a transfer: until then the line is not full. */
const RAMP_SHARE = 0.25;
/** draft-ietf-ippm-responsiveness, section 4.3: the slowest twentieth is left out. */
const KEPT_SHARE = 0.95;
const LEAST_PROBES = 3;
/** So many round trips tell of a line. */
const MANY_PROBES = 20;
/** Halves of the time that differ by less are alike. */
const STEADY_LOAD = 0.1;
const STEADY_RPM = 0.25;

/**
 * Responsiveness under working conditions as draft-ietf-ippm-responsiveness has it: the mean of what others on the line get (foreign) and of
 * what the loaded connection gets (self), each 60 s ÷ the trimmed mean of its round trips; of a foreign probe's three phases the TCP handshake stands for
 * all. Confidence is one for a load that was steady and did not end by its byte limit, and one for enough round trips that stayed alike.
 * undefined: fewer than three round trips on the full line. Pure.
 */
export function responsiveness({
  foreign,
  self,
  progress,
  isCapped,
}: LoadedLine): Responsiveness | undefined {
  const endMs = progress.at(-1)?.atMs ?? 0;
  const fromMs = endMs * RAMP_SHARE;
  const onFullLine = (probes: readonly Probe[]): readonly Probe[] =>
    probes.filter(({ atMs }) => atMs >= fromMs);
  const [others, own] = [onFullLine(foreign), onFullLine(self)];
  const rpm = rpmOf(others, own);
  if (rpm === undefined) return undefined;
  const middleMs = (fromMs + endMs) / 2;
  const isLoadSteady =
    !isCapped &&
    isAlike(speedOf(progress, fromMs, middleMs), speedOf(progress, middleMs, endMs), STEADY_LOAD);
  const isEarly = ({ atMs }: Probe): boolean => atMs < middleMs;
  const isLate = ({ atMs }: Probe): boolean => atMs >= middleMs;
  const probes = others.length + own.length;
  const isRpmSteady =
    probes >= MANY_PROBES &&
    isAlike(
      rpmOf(others.filter(isEarly), own.filter(isEarly)),
      rpmOf(others.filter(isLate), own.filter(isLate)),
      STEADY_RPM,
    );
  const count = Number(isLoadSteady) + Number(isRpmSteady);
  return {
    rpm,
    probes,
    confidence: count === 2 ? CONFIDENCE.high : count === 1 ? CONFIDENCE.medium : CONFIDENCE.low,
  };
}

function rpmOf(foreign: readonly Probe[], self: readonly Probe[]): number | undefined {
  if (foreign.length < LEAST_PROBES) return undefined;
  const parts = [foreign, self].filter(({ length }) => length >= LEAST_PROBES).map(perMinute);
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function perMinute(probes: readonly Probe[]): number {
  const sorted = probes.map(({ rttMs }) => rttMs).sort((a, b) => a - b);
  const kept = sorted.slice(0, Math.ceil(sorted.length * KEPT_SHARE));
  return MS_PER_MINUTE / (kept.reduce((sum, rtt) => sum + rtt, 0) / kept.length);
}

/** Bytes a millisecond between two times. */
function speedOf(progress: readonly Progress[], fromMs: number, toMs: number): number | undefined {
  const within = progress.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  return (last.bytes - first.bytes) / (last.atMs - first.atMs);
}

function isAlike(a: number | undefined, b: number | undefined, within: number): boolean {
  if (a === undefined || b === undefined) return false;
  return Math.abs(a - b) <= within * Math.max(a, b);
}

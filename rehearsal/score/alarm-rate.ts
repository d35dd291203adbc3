import type { SentMessage } from '../central/recording-channel.ts';
import type { Trouble } from '../truth/trouble.ts';

export interface AlarmRate {
  /** Pages in ten minutes, of all operators together: on average, and most. */
  readonly mean: number;
  readonly most: number;
  readonly windows: number;
}

const WINDOW_MS = 600_000;
/** So many sites at once are a storm, and so is the time in which they come back. */
const STORM_SITES = 10;

/** In windows of ten minutes outside storms. Pure. */
export function alarmRate(
  pages: readonly Pick<SentMessage, 'atMs'>[],
  troubles: readonly Trouble[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): AlarmRate {
  const storms = troubles.filter(({ due }) => (due?.sites ?? 0) >= STORM_SITES);
  const counts: number[] = [];
  for (let startMs = fromMs; startMs + WINDOW_MS <= toMs; startMs += WINDOW_MS) {
    const endMs = startMs + WINDOW_MS;
    if (storms.some((storm) => storm.fromMs < endMs && storm.toMs + storm.aftermathMs > startMs)) continue;
    counts.push(pages.filter(({ atMs }) => atMs >= startMs && atMs < endMs).length);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    mean: counts.length === 0 ? 0 : total / counts.length,
    most: Math.max(0, ...counts),
    windows: counts.length,
  };
}

/** Most messages that one channel was sent within two minutes. Pure. */
export function mostWithin(messages: readonly SentMessage[], lengthMs: number): number {
  const byChannel = new Map<string, number[]>();
  for (const { channel, atMs } of messages) byChannel.set(channel, [...(byChannel.get(channel) ?? []), atMs]);
  let most = 0;
  for (const times of byChannel.values())
    for (const startMs of times)
      most = Math.max(most, times.filter((atMs) => atMs >= startMs && atMs < startMs + lengthMs).length);
  return most;
}

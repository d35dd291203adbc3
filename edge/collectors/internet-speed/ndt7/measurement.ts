import { z } from 'zod';

export type Direction = 'download' | 'upload';

/** A measurement as the server sends it; times in µs. Fields that we do not use may be anything. */
const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const measurementSchema = z.object({
  AppInfo: z.object({ NumBytes: amount, ElapsedTime: amount }).nullish(),
  TCPInfo: z
    .object({
      ElapsedTime: amount,
      BytesAcked: amount,
      BytesReceived: amount,
      BytesSent: amount.optional(),
      BytesRetrans: amount.optional(),
      MinRTT: amount.optional(),
      RTT: amount.optional(),
    })
    .nullish(),
});
export type Measurement = z.infer<typeof measurementSchema>;

const MAX_TEXT_BYTES = 64 * 1024;

/** Undefined: not a measurement. Pure. */
export function parseMeasurement(message: Buffer): Measurement | undefined {
  if (message.length > MAX_TEXT_BYTES) return undefined;
  try {
    return measurementSchema.safeParse(JSON.parse(message.toString())).data;
  } catch {
    return undefined;
  }
}

export interface Volume {
  readonly bytes: number;
  readonly elapsedMs: number;
}

/**
 * Bytes that have arrived by the server's kernel (TCPInfo), else by the server itself (AppInfo): the basis of M-Lab's
 * published figures. In a download only the kernel knows. Pure.
 */
export function arrivedVolume(direction: Direction, { TCPInfo, AppInfo }: Measurement): Volume | undefined {
  if (TCPInfo) {
    const bytes = direction === 'download' ? TCPInfo.BytesAcked : TCPInfo.BytesReceived;
    return { bytes, elapsedMs: TCPInfo.ElapsedTime / 1_000 };
  }
  if (direction === 'download' || !AppInfo) return undefined;
  return { bytes: AppInfo.NumBytes, elapsedMs: AppInfo.ElapsedTime / 1_000 };
}

export function megabitsPerSecond({ bytes, elapsedMs }: Volume): number {
  return (8 * bytes) / (elapsedMs * 1_000);
}

/**
 * Mbit/s of one test: by the server's figure, if it is consistent with ours. Otherwise by our own count in a download, and
 * undefined in an upload, where we only know what we handed to the system. Pure.
 */
export function testedSpeed(
  direction: Direction,
  own: Volume,
  measurement: Measurement | undefined,
): number | undefined {
  const arrived = measurement === undefined ? undefined : arrivedVolume(direction, measurement);
  if (arrived !== undefined && fits(direction, arrived, own)) return megabitsPerSecond(arrived);
  return direction === 'download' && own.elapsedMs > 0 ? megabitsPerSecond(own) : undefined;
}

/** The last measurement may be old, many bytes may still be in flight, TLS and framing add a little. */
const LEAST_TIME_SHARE = 0.4;
const TIME_SLACK_MS = 1_000;
const LEAST_DOWNLOAD_SHARE = 0.5;
const MOST_BYTES_SHARE = 1.05;
const BYTES_SLACK = 64 * 1024;

function fits(direction: Direction, arrived: Volume, own: Volume): boolean {
  const isTimeRight =
    arrived.elapsedMs > 0 &&
    arrived.elapsedMs >= LEAST_TIME_SHARE * own.elapsedMs &&
    arrived.elapsedMs <= own.elapsedMs + TIME_SLACK_MS;
  const isEnough = direction === 'upload' || arrived.bytes >= LEAST_DOWNLOAD_SHARE * own.bytes;
  return isTimeRight && isEnough && arrived.bytes <= MOST_BYTES_SHARE * own.bytes + BYTES_SLACK;
}

/** Bytes sent again ÷ bytes sent, 0 to 1, by the sending server's kernel. Pure. */
export function lossShare({ TCPInfo }: Measurement): number | undefined {
  const { BytesSent: sent, BytesRetrans: again } = TCPInfo ?? {};
  if (sent === undefined || again === undefined || sent === 0 || again > sent) return undefined;
  return again / sent;
}

/** M-Lab's ndt7, spec v0.9: https://github.com/m-lab/ndt-server/blob/main/spec/ndt7-protocol.md */
export const SUBPROTOCOL = 'net.measurementlab.ndt.v7';

export type Direction = 'download' | 'upload';

export const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['/ndt/v7/download', 'download'],
  ['/ndt/v7/upload', 'upload'],
]);

/** Duration of sending; the receiver may disconnect five seconds later. */
export const TEST_MS = 10_000;
export const MEASURE_EVERY_MS = 250;
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** The text message of a measurement: what this end has sent or received. Times in µs. */
export function measurementText(direction: Direction, bytes: number, elapsedMs: number): string {
  return JSON.stringify({
    AppInfo: { NumBytes: bytes, ElapsedTime: Math.round(elapsedMs * 1_000) },
    Origin: 'server',
    Test: direction,
  });
}

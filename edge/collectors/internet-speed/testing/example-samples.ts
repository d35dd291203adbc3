import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { internetSpeedKind, speedSample } from '../internet-speed.ts';
import type { Transfer } from '../ndt7/transfer.ts';
import type { NotTested, Outcome } from '../outcome.ts';

const good: Transfer = {
  isOpened: true,
  lineBytes: 12_600_000,
  own: { bytes: 12_500_000, elapsedMs: 10_000 },
  isCapped: false,
  roundTrips: [],
  progress: [],
  measurement: {
    TCPInfo: {
      ElapsedTime: 10_000_000,
      BytesAcked: 12_500_000,
      BytesReceived: 12_500_000,
      BytesSent: 1_000,
      BytesRetrans: 10,
    },
  },
};
const bad: Transfer = { ...good, problem: 'the connection broke off' };
const probes = (...rttsMs: readonly number[]) => rttsMs.map((rttMs, at) => ({ atMs: 1_000 * at, rttMs }));
const tested = (download: Transfer, upload: Transfer): Outcome => ({
  status: 'tested',
  idleMs: [10, 14, undefined, 12],
  download: { transfer: download, handshakes: probes(40, 60, 50) },
  upload: { transfer: upload, handshakes: probes(200, 400, 300) },
});
const NOT_TESTED: readonly NotTested['status'][] = ['outage', 'failed', 'busy', 'budget'];

/** Of every outcome of a test. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const config = internetSpeedKind.configSchema.parse({
    server: 'wss://ndt.example.vn',
    contractedDownloadMbps: 100,
    contractedUploadMbps: 20,
    line: 'l-1',
    isp: 'i',
    operator: 'o',
  });
  const outcomes: readonly Outcome[] = [
    tested(good, good),
    tested(good, bad),
    tested(bad, bad),
    ...NOT_TESTED.map((status) => ({ status, reason: 'no answer' })),
  ];
  return outcomes.map((outcome) => speedSample(outcome, config, deps));
}

import { describe, expect, it } from 'vitest';
import type { Transfer } from './ndt7/transfer.ts';
import { speedFields, testProblems, type Tested } from './outcome.ts';

const contract = { downloadMbps: 100, uploadMbps: 20 };
const own = { bytes: 12_500_000, elapsedMs: 10_000 };
const TCPInfo = { ElapsedTime: 10_000_000, BytesAcked: 12_500_000, BytesReceived: 12_500_000 };
const good: Transfer = {
  isOpened: true,
  lineBytes: 12_600_000,
  own,
  isCapped: false,
  roundTrips: [],
  progress: [],
  measurement: { TCPInfo: { ...TCPInfo, BytesSent: 1_000, BytesRetrans: 10 } },
};
const bad: Transfer = { ...good, lineBytes: 7, problem: 'broke off' };
const probes = (...rttsMs: readonly number[]) => rttsMs.map((rttMs, at) => ({ atMs: 1_000 * at, rttMs }));
const tested = (download: Transfer, upload: Transfer): Tested => ({
  status: 'tested',
  idleMs: [10, 14, undefined, 12],
  download: { transfer: download, handshakes: probes(40, 60, 50) },
  upload: { transfer: upload, handshakes: probes(200, 400, 300) },
});

describe('what is sent of a test', () => {
  it('that worked is all there is to say', () => {
    expect(speedFields(tested(good, good), contract)).toEqual({
      status: 'ok',
      result_code: 0,
      download: 10,
      download_share_pct: 10,
      contracted_download_mbps: 100,
      download_bytes: 12_600_000,
      download_capped: false,
      upload: 10,
      upload_share_pct: 50,
      contracted_upload_mbps: 20,
      upload_bytes: 12_600_000,
      upload_capped: false,
      latency: 12,
      jitter: 4,
      // The upload makes others wait longer.
      rtt_loaded_ms: 300,
      rpm: 200,
      rpm_confidence: 0,
      rpm_probes: 3,
      packet_loss: 1,
    });
  });

  it('that worked in one direction is that direction', () => {
    const fields = speedFields(tested(good, bad), contract);
    expect(fields).toMatchObject({
      status: 'partial',
      result_code: 3,
      reason: 'upload: broke off',
      rtt_loaded_ms: 50,
    });
    expect(Object.keys(fields).filter((name) => name.startsWith('upload'))).toEqual([]);
    expect(speedFields(tested(bad, good), contract)).not.toHaveProperty('packet_loss');
  });

  it('that failed is why', () => {
    expect(speedFields(tested(bad, bad), contract)).toEqual({
      status: 'failed',
      result_code: 2,
      reason: 'download: broke off; upload: broke off',
    });
    expect(testProblems(tested(bad, { ...good, measurement: {} }))).toEqual([
      'download: broke off',
      "upload: the server's figures do not fit what was sent",
    ]);
  });

  it.each([
    ['outage', 1],
    ['failed', 2],
    ['busy', 4],
    ['budget', 5],
  ] as const)('that was not made (%s) is no zero', (status, result_code) => {
    expect(speedFields({ status, reason: 'x'.repeat(999) }, contract)).toEqual({
      status,
      result_code,
      reason: 'x'.repeat(200),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { jitterOf, qualityFields } from './quality.ts';

describe('the quality of a burst', () => {
  it('has times, delay variation and an estimate of calls', () => {
    const fields = qualityFields({ transmitted: 4, received: 4, rttsMs: [20, 22, 20, 22] });
    expect(fields).toEqual({
      loss_pct: 0,
      latency_ms: 21,
      latency_min_ms: 20,
      latency_max_ms: 22,
      jitter_ms: 2,
      ipdv_p95_ms: 2,
      mos_est: expect.closeTo(4.39, 2) as number,
    });
  });

  it('compares only probes that followed each other', () => {
    expect(jitterOf([10, undefined, 50, 52, undefined])).toBe(2);
    expect(jitterOf([10, undefined, 50])).toBeUndefined();
  });

  it('of silence is loss and nothing else', () => {
    expect(qualityFields({ transmitted: 3, received: 0, rttsMs: [undefined, undefined, undefined] })).toEqual(
      {
        loss_pct: 100,
      },
    );
  });

  it('without two answers in a row claims no delay variation', () => {
    const fields = qualityFields({ transmitted: 3, received: 2, rttsMs: [10, undefined, 12] });
    expect(Object.keys(fields)).toEqual(['loss_pct', 'latency_ms', 'latency_min_ms', 'latency_max_ms']);
  });
});

import { describe, expect, it } from 'vitest';
import { evaluateDeliveries } from './check-deliveries.ts';

const running = { agent: 'gw-1', agentRuns: true, nowMs: 1_000_000 };

describe('deliveries', () => {
  it('that central never acknowledged are a failure, with the reasons that show nowhere else', () => {
    const finding = evaluateDeliveries({ appendedAtMs: 660_000, lastAckAtMs: undefined }, running);
    expect(finding).toMatchObject({
      level: 'fail',
      seen: 'nothing acknowledged for 340 s, or ever; the oldest queued batch waits for 340 s',
      advice: expect.stringContaining('gw-1 needs write access') as string,
    });
  });

  it('that ended are a failure', () => {
    const finding = evaluateDeliveries({ appendedAtMs: 100_000, lastAckAtMs: 400_000 }, running);
    expect(finding).toMatchObject({
      level: 'fail',
      seen: expect.stringMatching(/^nothing .* 600 s;/) as string,
    });
  });

  it('are well while a long backlog is on its way, or a batch is only seconds old', () => {
    const backlog = { appendedAtMs: 0, lastAckAtMs: 998_000 };
    expect(evaluateDeliveries(backlog, running)).toMatchObject({ level: 'ok' });
    const young = { appendedAtMs: 990_000, lastAckAtMs: 100_000 };
    expect(evaluateDeliveries(young, running)).toMatchObject({ level: 'ok' });
    expect(evaluateDeliveries(undefined, running)).toMatchObject({ level: 'ok' });
  });

  it('cannot be expected of an agent that does not run', () => {
    const oldest = { appendedAtMs: 0, lastAckAtMs: undefined };
    expect(evaluateDeliveries(oldest, { ...running, agentRuns: false })).toMatchObject({ level: 'ok' });
  });
});

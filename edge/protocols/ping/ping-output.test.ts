import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstFields, ipdvP95Ms } from './burst.ts';
import { parsePingOutput, PingOutputError } from './ping-output.ts';

const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', `${name}.txt`), 'utf8');
const fieldsOf = (name: string) => burstFields(parsePingOutput(recorded(name)));

describe("the output of the system's ping", () => {
  it('of iputils gives times, loss and delay variation', () => {
    expect(fieldsOf('iputils')).toEqual({
      packets_transmitted: 5,
      packets_received: 5,
      percent_packet_loss: 0,
      result_code: 0,
      minimum_response_ms: 12.012,
      average_response_ms: 15.098,
      maximum_response_ms: 23.487,
      standard_deviation_ms: 4.254,
      ttl: 63,
      ipdv_p95_ms: 11,
    });
  });

  it('of iputils over IPv6 reads the same', () => {
    expect(fieldsOf('iputils-ipv6')).toMatchObject({
      packets_received: 2,
      ttl: 64,
      maximum_response_ms: 0.034,
    });
  });

  it('of BusyBox lacks the deviation, which is worked out from its lines', () => {
    expect(fieldsOf('busybox')).toEqual({
      packets_transmitted: 2,
      packets_received: 2,
      percent_packet_loss: 0,
      result_code: 0,
      minimum_response_ms: 3,
      average_response_ms: 4,
      maximum_response_ms: 5,
      standard_deviation_ms: 1,
      ttl: 63,
      ipdv_p95_ms: 2,
    });
  });

  it('with some loss compares only probes that followed each other', () => {
    expect(fieldsOf('iputils-loss')).toMatchObject({
      percent_packet_loss: 40,
      result_code: 0,
      ipdv_p95_ms: 1,
    });
  });

  it.each([
    ['iputils-all-lost', 5],
    ['iputils-unreachable', 3],
    ['busybox-all-lost', 3],
  ])('%s has loss and no times', (name, transmitted) => {
    expect(fieldsOf(name)).toEqual({
      packets_transmitted: transmitted,
      packets_received: 0,
      percent_packet_loss: 100,
      result_code: 1,
    });
  });

  it.each([
    ['iputils-duplicates', 2],
    ['busybox-duplicates', 1],
  ])('%s counts an answer that came twice once', (name, received) => {
    expect(fieldsOf(name)).toMatchObject({
      packets_received: received,
      percent_packet_loss: 0,
    });
  });

  it.each(['truncated', 'localised'])('%s is refused, showing its first line', (name) => {
    expect(() => parsePingOutput(recorded(name))).toThrow(/^no statistics in its output: "PING 10\.26\.7\.1/);
  });

  it('damaged anywhere is refused or still makes sense', () => {
    const whole = recorded('iputils-loss');
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 12 }), fc.nat(60), (at, put, length) => {
        try {
          const fields = burstFields(parsePingOutput(whole.slice(0, at) + put + whole.slice(at + length)));
          expect(fields['percent_packet_loss']).toBeGreaterThanOrEqual(0);
          expect(fields['percent_packet_loss']).toBeLessThanOrEqual(100);
        } catch (error) {
          expect(error).toBeInstanceOf(PingOutputError);
        }
      }),
    );
  });
});

it('takes the 95th percentile of delay variation by nearest rank', () => {
  const rtts = Array.from({ length: 21 }, (_unused, index) => (index * (index + 1)) / 2); // differences 1 … 20
  expect(ipdvP95Ms(rtts)).toBe(19);
  expect(ipdvP95Ms([5])).toBeUndefined();
  expect(ipdvP95Ms([5, undefined, 7])).toBeUndefined();
});

import { randomBytes } from 'node:crypto';
import type { NtpCheck } from './check.ts';
import { clockOffsetMs, ntpQuestion, parseNtpAnswer } from './ntp-packet.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { askUdp } from './udp-exchange.ts';

/** Servers limit the rate of their clients. */
const RESEND_AFTER_MS = 3_000;

/** Whether a time server is synchronised, and the offset of our clock. */
export const probeNtp: Probe<NtpCheck> = async (check, context) => {
  const { findings, clock } = context;
  const startMs = clock.monotonicMs();
  // Our times by the monotonic clock, so that a step of the wall clock in between does no harm.
  const originMs = clock.now() - startMs;
  let asked = { cookie: randomBytes(8), sentMs: 0 };
  const { answer, receivedMs } = await askUdp(
    {
      ...check,
      resendAfterMs: RESEND_AFTER_MS,
      message: () => {
        asked = { cookie: randomBytes(8), sentMs: originMs + clock.monotonicMs() };
        return ntpQuestion(asked.cookie);
      },
      parse: (packet) => {
        const arrivedMs = originMs + clock.monotonicMs();
        const parsed = parseNtpAnswer(packet, asked.cookie, arrivedMs);
        return parsed === undefined ? undefined : { answer: parsed, receivedMs: arrivedMs };
      },
    },
    context,
  );
  findings.responseMs = clock.monotonicMs() - startMs;
  findings.ntpStratum = Math.min(answer.stratum, 16);
  if (answer.problem !== undefined) throw new ProbeFailure('status', answer.problem);
  findings.ntpOffsetMs = clockOffsetMs(answer, asked.sentMs, receivedMs);
};

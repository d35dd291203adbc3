import { randomBytes } from 'node:crypto';
import type { NtpCheck } from './check.ts';
import { clockOffsetMs, ntpQuestion, parseNtpAnswer } from './ntp-packet.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { askUdp } from './udp-exchange.ts';

/** Polite to servers that limit their clients. */
const RESEND_AFTER_MS = 3_000;

/** A time server that is synchronised itself, and how far our clock is from its. */
export const probeNtp: Probe<NtpCheck> = async (check, context) => {
  const { findings, clock } = context;
  const startMs = clock.monotonicMs();
  // Our times by the steady clock from one look at the other, so that a step in between does no harm.
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
      understand: (packet) => {
        const arrivedMs = originMs + clock.monotonicMs();
        const understood = parseNtpAnswer(packet, asked.cookie, arrivedMs);
        return understood === undefined ? undefined : { answer: understood, receivedMs: arrivedMs };
      },
    },
    context,
  );
  findings.responseMs = clock.monotonicMs() - startMs;
  findings.ntpStratum = Math.min(answer.stratum, 16);
  if (answer.problem !== undefined) throw new ProbeFailure('status', answer.problem);
  findings.ntpOffsetMs = clockOffsetMs(answer, asked.sentMs, receivedMs);
};

import { randomBytes } from 'node:crypto';
import type { SipCheck } from './check.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { finalStatus, optionsRequest } from './sip-message.ts';
import { askUdp } from './udp-exchange.ts';

/** Timer T1 of RFC 3261. */
const RESEND_AFTER_MS = 500;
const FIRST_SERVER_FAILURE = 500;

/**
 * A SIP server. Any final answer below 500 shows that it works: many refuse OPTIONS from unknown clients, but they answer.
 */
export const probeSip: Probe<SipCheck> = async (check, context) => {
  const { findings, clock } = context;
  const { host, port } = check;
  const startMs = clock.monotonicMs();
  const token = randomBytes(12).toString('hex');
  const status = await askUdp(
    {
      host,
      port,
      resendAfterMs: RESEND_AFTER_MS,
      message: (local) => optionsRequest({ host, token, localAddress: local.address, localPort: local.port }),
      parse: (message) => finalStatus(message, token),
    },
    context,
  );
  findings.responseMs = clock.monotonicMs() - startMs;
  findings.statusCode = status;
  if (status >= FIRST_SERVER_FAILURE) {
    throw new ProbeFailure('status', `answered OPTIONS with ${status}, expected less than 500`);
  }
};

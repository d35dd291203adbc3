import type { TcpCheck } from './check.ts';
import type { Probe } from './probe.ts';
import { openTcp } from '../../protocols/tcp-tls/tcp-connection.ts';
import { requireValidChain, startTls } from '../../protocols/tcp-tls/tls-connection.ts';

/** A port that accepts connections and, with `tls`, presents a valid certificate. */
export const probeTcp: Probe<TcpCheck> = async (check, context) => {
  const { findings, clock } = context;
  const startMs = clock.monotonicMs();
  const socket = await openTcp(check, context);
  try {
    if (check.tls) {
      const source = `tls://${check.host}:${check.port}`;
      await startTls(socket, { host: check.host, source }, context);
    }
    findings.responseMs = clock.monotonicMs() - startMs;
  } finally {
    socket.destroy();
  }
  if (!check.allowInvalidCertificate) requireValidChain(findings.chains);
};

/** Identifies one request. */
export interface SipIdentity {
  readonly host: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** Random letters and digits. */
  readonly token: string;
}

/** OPTIONS (RFC 3261, section 11): every SIP server answers it, and no phone rings. */
export function optionsRequest(identity: SipIdentity): Buffer {
  const { host, token } = identity;
  const local = `${bracketed(identity.localAddress)}:${identity.localPort}`;
  const lines = [
    `OPTIONS sip:${bracketed(host)} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};branch=z9hG4bK${token};rport`,
    'Max-Forwards: 70',
    `From: <sip:wardwatch@${local}>;tag=${token}`,
    `To: <sip:${bracketed(host)}>`,
    `Call-ID: ${token}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:wardwatch@${local}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** The final status of the answer to the request with this token; undefined: another message, or a provisional status. Pure. */
export function finalStatus(message: Buffer, token: string): number | undefined {
  const [first = '', ...headers] = message.toString('utf8').split(/\r\n|\n/);
  const [, status] = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/.exec(first) ?? [];
  if (status === undefined || Number(status) < 200) return undefined;
  const header = (long: string, short: string): string | undefined => {
    const pattern = new RegExp(`^(?:${long}|${short})[ \\t]*:[ \\t]*(.*)$`, 'i');
    return headers.map((line) => pattern.exec(line)?.[1]?.trim()).find((value) => value !== undefined);
  };
  return header('Call-ID', 'i') === token ? Number(status) : undefined;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

import { LOGIN_REFUSED } from '../publisher/login-refused.ts';

const LOGIN = 'check user name, password, certificates (broker.tls) and the agent’s rights at the broker';

/** What the broker's client or TLS says, and what to do then. The first that matches counts. */
const REMEDIES: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /certificate has expired/i,
    'the broker’s certificate has expired: renew it there, or set this machine’s clock if that is wrong',
  ],
  [
    /not yet valid/i,
    'the broker’s certificate is not valid yet: set this machine’s clock, which is probably behind',
  ],
  [
    /altnames|does not match certificate/i,
    'the broker’s certificate is for another name: use one of its names in broker.url, or have it issued for this one',
  ],
  [
    /self.signed certificate|unable to (get|verify)|issuer/i,
    'the broker’s certificate is signed by an authority that this machine does not know: name its certificate in broker.tls.caFile',
  ],
  [
    /wrong version number|packet length too long|http request|unknown protocol/i,
    'the port does not speak TLS: use mqtt:// for it, or the port of mqtts:// (8883)',
  ],
  [
    /certificate required|handshake failure|bad certificate|unknown ca|alert (number )?(40|42|48|116)/i,
    'the broker wants a certificate of the agent, or does not take this one: check broker.tls.certFile and keyFile, and which authority the broker accepts',
  ],
  [
    LOGIN_REFUSED,
    'the broker does not accept the login: check user name and password, and that the broker knows this agent',
  ],
  [/refuses the subscription/i, 'give the agent the right to read these topics at the broker'],
];

export const SPEAKS_TLS = 'the port speaks TLS: use mqtts:// in broker.url';

/** Advice for a login that failed. `speaksTls`: a TLS handshake with the port succeeded. Pure. */
export function adviceForLogin(
  problem: string,
  endpoint: { readonly protocol: string },
  speaksTls: boolean,
): string {
  if (endpoint.protocol === 'mqtt' && speaksTls) return SPEAKS_TLS;
  return REMEDIES.find(([said]) => said.test(problem))?.[1] ?? LOGIN;
}

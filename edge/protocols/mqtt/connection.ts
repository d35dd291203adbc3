/** A broker and the login there. Certificates are always verified. */
export interface BrokerConnection {
  /** `mqtt://host:port` or `mqtts://host:port`; ports default to 1883 and 8883. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Endpoint {
  readonly protocol: 'mqtt' | 'mqtts';
  readonly host: string;
  readonly port: number;
}

/** Protocol, host and port of a valid `mqtt://` or `mqtts://` url. */
export function endpointOf(text: string): Endpoint {
  const url = new URL(text);
  const protocol = url.protocol === 'mqtts:' ? 'mqtts' : 'mqtt';
  const port = url.port === '' ? (protocol === 'mqtt' ? 1883 : 8883) : Number(url.port);
  return { protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

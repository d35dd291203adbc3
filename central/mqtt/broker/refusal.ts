/** What the broker did not allow, and why. */
export interface BrokerRefusal {
  readonly kind: 'connection' | 'protocol' | 'authentication' | 'publish' | 'subscribe';
  readonly reason: string;
  /** Whoever was refused had logged in as this client. */
  readonly client?: string;
  /** Who it says it is, before it has logged in. */
  readonly claimed?: string;
  readonly address?: string;
  readonly topic?: string;
}

/** Makes aedes end a connection for a reason that is already reported. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

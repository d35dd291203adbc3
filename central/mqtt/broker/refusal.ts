/** What the broker did not allow, and why; `client` is unverified before authentication. */
export interface BrokerRefusal {
  readonly kind: 'connection' | 'protocol' | 'authentication' | 'publish' | 'subscribe';
  readonly reason: string;
  readonly client?: string;
  readonly address?: string;
  readonly topic?: string;
}

/** Makes aedes end a connection for a reason that is already reported. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

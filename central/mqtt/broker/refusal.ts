/** What the broker did not allow, and why; `client` is only claimed until authentication. */
export interface BrokerRefusal {
  readonly kind: 'connection' | 'protocol' | 'authentication' | 'publish' | 'subscribe';
  readonly reason: string;
  readonly client?: string;
  readonly address?: string;
  readonly topic?: string;
}

/** Tells aedes to end a connection over something that was already reported. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

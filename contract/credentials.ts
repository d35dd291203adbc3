import { createHmac } from 'node:crypto';

/** The password of one agent of a fleet that shares a secret: hex HMAC-SHA256 (RFC 2104) of its id. */
export function deriveAgentPassword(secret: string, agent: string): string {
  return createHmac('sha256', secret).update(agent, 'utf8').digest('hex');
}

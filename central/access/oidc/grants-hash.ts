import { createHash } from 'node:crypto';
import type { OidcConfig } from './oidc-config.ts';

/** Of what decides who a person is and may do: another provider, or other grants, give another. Hexadecimal. Pure. */
export function grantsHash({ issuer, grants }: Pick<OidcConfig, 'issuer' | 'grants'>): string {
  return createHash('sha256').update(JSON.stringify({ issuer, grants })).digest('hex');
}

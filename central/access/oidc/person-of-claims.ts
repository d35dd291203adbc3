import type { Person } from '../sessions.ts';
import type { OidcConfig } from './oidc-config.ts';

/** After the names of people, so that none of them reads as a token's. */
const MARK = ' (OIDC)';
const MAX_NAME_CHARS = 90;

/** Whom the claims of an ID token describe; undefined: no grant fits. Pure. */
export function personOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { grants, nameClaim }: Pick<OidcConfig, 'grants' | 'nameClaim'>,
): Person | undefined {
  const grant = grants.find(({ claim, value }) => [claimOf(claims, claim)].flat().includes(value));
  if (grant === undefined) return undefined;
  const subject = String(claims['sub']);
  const { role, limits } = grant;
  return {
    subject,
    name: `${nameOf(claimOf(claims, nameClaim)) ?? subject.slice(0, MAX_NAME_CHARS)}${MARK}`,
    role,
    ...(limits !== undefined && { limits }),
  };
}

/** A claim of this name, else what the dots lead to. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[part];
  }
  return found;
}

/** As names of tokens: nothing that acts on a terminal, or reads as something else. */
function nameOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const name = claim
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MAX_NAME_CHARS)
    .trim();
  return name === '' ? undefined : name;
}

import { z } from 'zod';
import { secretSourceSchema } from '../../../runtime/secret-source.ts';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { limitsSchema } from '../limits.ts';
import { limitsProblem, ROLES } from '../tokens.ts';

/** Whom a claim gives which role. */
const grantSchema = z
  .strictObject({
    /** Name of a claim of the ID token; dots lead into objects, as in `realm_access.roles`. */
    claim: z.string().min(1).max(200),
    /** The claim is this text, or a list that has it. */
    value: z.string().min(1).max(200),
    role: z.enum(ROLES),
    limits: limitsSchema.optional(),
  })
  .superRefine(({ role, limits }, context) => {
    const problem = limitsProblem(role, limits);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['role'], message: problem });
  });
export type OidcGrant = z.infer<typeof grantSchema>;

/** `auth.oidc` of `central.yaml`: logins at an identity provider (OpenID Connect Core 1.0). */
export const oidcConfigSchema = z.strictObject({
  /** What people call it, on the login page. */
  name: z.string().min(1).max(60).default('SSO'),
  issuer: urlSchema({ protocol: /^https?$/, expected: 'https://host/path' }).refine(isSafe, {
    error: 'expected https, or http to this machine alone',
  }),
  clientId: z.string().min(1).max(200),
  clientSecret: secretSourceSchema,
  /** Of the authority that signed the provider's certificate, where that is the city's own. */
  caFile: z.string().min(1).optional(),
  scopes: z
    .array(z.string().regex(/^[\x21-\x7e]+$/))
    .max(20)
    .default(['openid', 'profile', 'email']),
  /** The claim that names people in the audit log. */
  nameClaim: z.string().min(1).max(200).default('preferred_username'),
  /** The first that fits decides; whom none fits does not get in. */
  grants: z.array(grantSchema).min(1).max(500),
  /** By how much the clocks of provider and central may differ. */
  clockSkewS: z.int().min(0).max(300).default(30),
});
export type OidcConfig = z.infer<typeof oidcConfigSchema>;

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

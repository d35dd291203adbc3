import type { AtSession } from './at-session.ts';
import {
  joinRegistrations,
  parseRegistration,
  type Registration,
  type RegistrationPrefix,
} from './standard-answers.ts';

/** 5G core, LTE, and what is older: the newest first. */
const DOMAINS: readonly RegistrationPrefix[] = ['+C5GREG', '+CEREG', '+CREG'];

/** Stops at the first domain in which the modem is registered; skips domains that it does not know. */
export async function readRegistration(session: AtSession): Promise<Registration> {
  const parts: Registration[] = [];
  for (const prefix of DOMAINS) {
    const part = await session.tryAsk({ text: `AT${prefix}?`, prefix: `${prefix}:` }, (lines) =>
      parseRegistration(lines, prefix),
    );
    if (part === undefined) continue;
    parts.push(part);
    if (part.registered === true) break;
  }
  return joinRegistrations(parts);
}

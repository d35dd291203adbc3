import { codeOf } from '../../../runtime/errors.ts';
import { requestFailed } from './error-status.ts';
import type { Incidents } from './incidents.ts';
import { SnmpError } from './session.ts';

/** Messages of the library contain communities and digests, so none is passed on. */
export function toSnmpError(error: unknown, incidents: Pick<Incidents, 'timeout'>): SnmpError {
  const { name, status, code, message } = error as Partial<Record<'name' | 'message', string>> & {
    status?: unknown;
    code?: unknown;
  };
  if (name === 'RequestTimedOutError') return incidents.timeout();
  if (name === 'RequestFailedError') return requestFailed(typeof status === 'number' ? status : undefined);
  if (name === 'ResponseInvalidError') return responseInvalid(code, message ?? '');
  return new SnmpError(
    'unsent',
    `the request could not be sent (${codeOf(error) ?? name ?? 'unknown reason'})`,
  );
}

/** Reports of a v3 engine (RFC 3414, 3.2) by the library's texts. */
const REPORTS: Readonly<Record<string, string>> = {
  'Unsupported Security Level': 'the user may not use authentication with privacy (authPriv) there',
  'Not In Time Window': 'its clock or boot count does not match what it sent before',
  'Unknown User Name': 'it does not know the user',
  'Unknown Engine ID': 'its SNMP engine id has changed',
  'Wrong Digest (incorrect password, community or key)':
    'it does not accept the authentication; check authentication protocol and password',
  'Decryption Error': 'it cannot decrypt the request; check privacy protocol and password',
};

/** Codes of the library; all reports share one. */
const INVALID: Readonly<Record<number, readonly [SnmpError['code'], string]>> = {
  1: ['failed', 'an IP address in the answer is not 4 bytes long'],
  2: ['failed', 'a value in the answer has an unknown type'],
  3: ['failed', 'the answer is not a response'],
  4: ['denied', 'the answer cannot be decrypted; check privacy protocol and password'],
  5: ['denied', 'user, authentication or privacy settings are not accepted'],
  6: ['failed', 'the answer is about other objects than were asked for'],
  9: ['failed', 'the answer has another SNMP version'],
  10: ['failed', 'the answer has another community'],
  11: ['denied', 'the device answers with an unexpected report'],
  14: ['denied', 'its clock or boot count went back'],
};

function responseInvalid(code: unknown, message: string): SnmpError {
  const report = REPORTS[message];
  if (report !== undefined) return new SnmpError('denied', report);
  const [kind, text] = INVALID[Number(code)] ?? ['failed', `the answer is invalid (code ${String(code)})`];
  return new SnmpError(kind, text);
}

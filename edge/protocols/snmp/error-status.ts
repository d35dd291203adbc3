import { SnmpError } from './session.ts';

/** error-status of a response (RFC 3416, section 3). */
const NAMES = [
  'NoError',
  'TooBig',
  'NoSuchName',
  'BadValue',
  'ReadOnly',
  'GeneralError',
  'NoAccess',
  'WrongType',
  'WrongLength',
  'WrongEncoding',
  'WrongValue',
  'NoCreation',
  'InconsistentValue',
  'ResourceUnavailable',
  'CommitFailed',
  'UndoFailed',
  'AuthorizationError',
  'NotWritable',
  'InconsistentName',
];
const DENIED: readonly (string | undefined)[] = ['AuthorizationError', 'NoAccess'];

/** undefined: the device does not say why. */
export function requestFailed(status: number | undefined): SnmpError {
  const name = status === undefined ? undefined : NAMES[status];
  if (name === 'TooBig') return new SnmpError('too-big', 'the answer does not fit into a message');
  if (DENIED.includes(name)) return new SnmpError('denied', 'access is not allowed');
  return new SnmpError('failed', `the device answers with the error ${name ?? String(status ?? 'unknown')}`);
}

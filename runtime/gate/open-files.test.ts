import { expect, it } from 'vitest';
import { parseOpenFilesLimit } from './open-files.ts';

// As a Debian 12 kernel (6.1) prints it.
const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max stack size            8388608              unlimited            bytes
Max open files            1024                 524288               files
Max locked memory         8388608              8388608              bytes
`;

it('reads the soft limit of open files', () => {
  expect(parseOpenFilesLimit(LIMITS)).toBe(1_024);
});

it('does not know a limit that is not there, or none', () => {
  expect(parseOpenFilesLimit('')).toBeUndefined();
  expect(parseOpenFilesLimit(LIMITS.replace('1024  ', 'unlimited'))).toBeUndefined();
});

import { expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { isDamage, isShortOfMemory } from './damage.ts';
import { MemoryLimit } from './memory-limit.ts';

/** As DuckDB 1.5 words them. */
const SHORT = [
  'Out of Memory Error: failed to allocate data of size 192.0 KiB (3.8 MiB/4.0 MiB used)',
  'FATAL Error: Failed to create checkpoint because of error: failed to pin block of size 64.0 KiB (63.9 MiB/64.0 MiB used)',
  'Failure while replaying WAL file "x.wal": Out of Memory Error: could not allocate block of size 64.0 KiB',
];

it.each(SHORT)('%s: is a want of memory, and no damage', (message) => {
  expect(isShortOfMemory(new Error(message))).toBe(true);
  expect(isDamage(new Error(message))).toBe(false);
});

it('other failures ask for no memory', () => {
  const limit = new MemoryLimit(64, silentLogger);
  for (const message of ['IO Error: No space left on device', 'Corrupt WAL file: entry size exceeded'])
    expect(limit.raiseAfter(new Error(message))).toBe(false);
  expect(limit).toMatchObject({ currentMiB: 64, isRaised: false });
});

it.each([
  { configuredMiB: 64, limits: [128, 256, 512, 1_024] },
  { configuredMiB: 256, limits: [512, 1_024] },
  { configuredMiB: 512, limits: [1_024, 2_048] },
])('from $configuredMiB MiB on it is doubled up to $limits', ({ configuredMiB, limits }) => {
  const limit = new MemoryLimit(configuredMiB, silentLogger);
  const found: number[] = [];
  while (limit.raiseAfter(new Error(SHORT[0]))) found.push(limit.currentMiB);
  expect(found).toEqual(limits);
  expect(limit.isRaised).toBe(true);
});

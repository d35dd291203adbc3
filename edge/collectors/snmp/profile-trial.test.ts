import { expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { FakeSession } from '../../protocols/snmp/testing/fake-session.ts';
import { tryProfile } from './profile-trial.ts';
import { shippedLibrary } from './testing/shipped-library.ts';

const FORTINET = '1.3.6.1.4.1.12356.101';

it('a trial tells which profile fits, what the device lacks of it, and what would be sent', async () => {
  const clock = new ManualClock();
  const session = new FakeSession({
    '1.3.6.1.2.1.1.2.0': `${FORTINET}.1.1`,
    '1.3.6.1.2.1.1.3.0': 6_000,
    [`${FORTINET}.4.1.3.0`]: 12,
    [`${FORTINET}.4.1.8.0`]: 81_234,
  });
  const trying = tryProfile(
    { address: '10.0.0.1', profiles: shippedLibrary()(), openSession: async () => session, clock },
    new AbortController().signal,
  );
  await clock.advance(2_000);
  const { profile, lacking, samples, errors } = await trying;
  expect(profile?.profile).toBe('fortinet');
  expect(lacking).toContainEqual({ oid: `${FORTINET}.12.1.1`, field: 'firewall.vpn_tunnels_count' });
  expect(lacking.map(({ field }) => field)).not.toContain('firewall.sessions_count');
  expect(samples.find(({ measurement }) => measurement === 'firewall')?.fields).toEqual({
    sessions_count: 81_234,
  });
  expect(errors).toEqual([]);
  expect(session.isClosed).toBe(true);
});

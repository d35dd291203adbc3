import { expect, it } from 'vitest';
import { servicesNeededBy } from './services-needed.ts';

it('a service needs what those need that it cannot do without, and nothing that has a stand-in', () => {
  const services = [
    { id: 'portal', needs: ['service:documents', 'pool:pool-1'] },
    { id: 'documents', needs: ['service:mail', { anyOf: ['service:post', 'service:courier'] }] },
    { id: 'mail', needs: ['service:portal'] },
    { id: 'post', needs: [] },
  ];
  expect([...servicesNeededBy('portal', services)].sort()).toEqual(['documents', 'mail']);
  expect([...servicesNeededBy('post', services)]).toEqual([]);
});

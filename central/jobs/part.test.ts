import { expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ServiceStack } from '../../runtime/service.ts';
import { JoinedParts, type Part } from './part.ts';

const { signal } = new AbortController();
const done: string[] = [];
const step = (name: string) => ({ name, run: () => void done.push(name) });

function partOf<Name extends string>(name: Name) {
  return {
    shared: { [name]: name } as Record<Name, Name>,
    jobs: [{ ...step(`${name} job`), everyMs: 1_000 }],
    save: step(`${name} saved`),
    end: step(`${name} ended`),
  } satisfies Part<object>;
}

const JOINED = JoinedParts.of(partOf('alerts'))
  .with(partOf('notify'))
  .with({ shared: { store: 'store' } });

it('share what each of them shares, and their jobs are in the order of the parts', () => {
  expect(JOINED.shared).toEqual({ alerts: 'alerts', notify: 'notify', store: 'store' });
  expect(JOINED.jobs.map(({ name }) => name)).toEqual(['alerts job', 'notify job']);
});

it('all save, in the order of the parts, before any of them ends what may take time; also after one that fails', async () => {
  done.splice(0);
  const full = { name: 'full', run: () => Promise.reject(new Error('the disk is full')) };
  const { services } = JoinedParts.of({ shared: {}, save: full })
    .with(partOf('alerts'))
    .with(partOf('notify'));
  const stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 1_000 });
  for (const service of services) await stack.start(service, signal);
  expect(await stack.stop()).toEqual([new Error('the disk is full')]);
  expect(done).toEqual(['alerts saved', 'notify saved', 'alerts ended', 'notify ended']);
});

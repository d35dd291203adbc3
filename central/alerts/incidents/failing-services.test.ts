import { expect, it } from 'vitest';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import type { OpenAlert } from './incident.ts';
import { ServicesNeeded } from './services-needed.ts';
import { SharedCauses } from './shared-causes.ts';
import type { Places } from '../suppression/subjects.ts';

const HOUR_MS = 3_600_000;
const places: Places = {
  hasDevice: () => false,
  hasSite: () => false,
  hasLink: () => false,
  linkAt: () => undefined,
  siteOfDevice: () => undefined,
  siteOfAgent: () => undefined,
  devicesAt: () => [],
  nodesAt: () => [],
  onlyLinkAt: () => undefined,
  nameOf: (ref) => ref,
};

type Needs = Readonly<Record<string, readonly string[]>>;

/** Counts how often the services are gone through and how many alerts have to be judged. */
class City {
  walks = 0;
  judgements = 0;
  readonly shared: SharedCauses;
  readonly #open: OpenAlert[] = [];
  #services: ReadonlyMap<string, { readonly id: string; readonly needs: string[] }> = new Map();

  constructor(needs: Needs) {
    this.rebuild(needs);
    const needed = new ServicesNeeded(() => this.#services);
    this.shared = new SharedCauses({
      places,
      aspectOf: () => ({ measurement: 'service', isShare: false }),
      isShared: () => false,
      neededBy: (service) => needed.neededBy(service),
    });
  }

  rebuild(needs: Needs): void {
    const services = Object.entries(needs).map(([id, others]) => {
      const refs = others.map((other) => `service:${other}`);
      return [id, { id, needs: refs }] as const;
    });
    const counted = new Map(services);
    counted.values = () => {
      this.walks++;
      return Map.prototype.values.call(counted) as ReturnType<typeof counted.values>;
    };
    this.#services = counted;
  }

  fail(service: string, probe = 'gw-1', startedAtMs = 0): OpenAlert {
    const id = `${service} ${probe}`;
    const facts: SuppressibleAlert = {
      ...{ id, rule: 'service_down', entity: { service }, severity: 'critical', agent: probe, startedAtMs },
    };
    const alert = { facts, seenAtMs: 0, isRecovering: false, looksBack: false, place: undefined };
    this.#open.push(alert);
    const toJudge = new Set([alert, ...this.shared.add(alert)]);
    this.judgements += toJudge.size;
    for (const each of toJudge) this.shared.of(each);
    return alert;
  }

  /** The inventory is another one. */
  readAgain(): void {
    for (const alert of this.#open) this.shared.add(alert);
  }

  roots(): ReadonlySet<string | undefined> {
    return new Set(this.#open.map((alert) => this.shared.of(alert)?.root));
  }
}

/** Ids `s-0` on. */
function services(count: number, needsOf: (n: number) => readonly string[]): Needs {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`s-${n}`, needsOf(n)]));
}

it('of 400 services that have nothing to do with each other each is judged once, as it fails', () => {
  const city = new City(services(740, () => []));
  for (let n = 0; n < 400; n++) city.fail(`s-${n}`);
  expect(city.judgements).toBe(400);
  expect(city.walks).toBe(400);
  expect(city.roots()).toEqual(new Set([undefined]));
  expect(city.walks).toBe(400);
});

it('of those that need one another in a row the last is the root of all, and what each needs is worked out once', () => {
  const city = new City(services(40, (n) => (n === 0 ? [] : [`s-${n - 1}`])));
  for (let n = 0; n < 40; n++) city.fail(`s-${n}`);
  expect(city.roots()).toEqual(new Set(['service:s-0']));
  expect(city.walks).toBe(40);
});

it('168 probes of 8 services that need one another: a service has the others judged once, not with each probe', () => {
  const city = new City(services(8, (n) => (n === 0 ? [] : [`s-${n - 1}`])));
  for (let probe = 0; probe < 168; probe++)
    for (let n = 0; n < 8; n++) city.fail(`s-${n}`, `gw-${probe}`, probe * 1_000);
  // Each of the 1,344 as it opens, and the pairs of services once.
  expect(city.judgements).toBe(8 * 168 + (8 * 7) / 2);
  expect(city.walks).toBe(8);
  expect(city.roots()).toEqual(new Set(['service:s-0']));
});

it('a probe that finds it much later has those judged that failed then, and no others', () => {
  const city = new City({ portal: ['mail'], mail: [] });
  const [early, late] = [city.fail('portal', 'gw-1'), city.fail('portal', 'gw-2', HOUR_MS)];
  const first = city.fail('mail', 'gw-1');
  expect(city.shared.of(early)?.root).toBe('service:mail');
  expect(city.shared.of(late)).toBeUndefined();
  const before = city.judgements;
  city.fail('mail', 'gw-2', HOUR_MS);
  expect(city.judgements - before).toBe(2);
  expect(city.shared.of(late)?.root).toBe('service:mail');
  city.shared.remove(first);
  expect(city.shared.of(early)).toBeUndefined();
  expect(city.shared.of(late)?.root).toBe('service:mail');
});

it('goes by what services need now: also of those that failed before the inventory was another one', () => {
  const city = new City({ portal: ['mail'], mail: [], post: [] });
  for (const service of ['portal', 'mail', 'post']) city.fail(service);
  expect(city.roots()).toEqual(new Set(['service:mail', undefined]));
  city.rebuild({ portal: ['post'], mail: [], post: [] });
  city.readAgain();
  expect(city.roots()).toEqual(new Set(['service:post', undefined]));
});

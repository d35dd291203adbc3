import { usesExit, type CityGraph, type DeviceNode, type SiteNode, type Step } from './graph-nodes.ts';
import { orderWithoutLoops } from './loops.ts';
import { whatOpens } from './what-opens.ts';

type Places = Pick<CityGraph, 'sites' | 'devices'>;

/** The steps of the places, in an order in which each comes after what it needs, with the rings marked. */
export interface OrderedSteps {
  readonly steps: readonly Step[];
  /** Some things only lead back to themselves. */
  readonly hasMistakes: boolean;
}

/** Ways and parents of what only leads back to itself are mistakes that say nothing: they are taken from the nodes. */
export function orderSteps(places: Places): OrderedSteps {
  const unordered = numbered(places);
  const needs = unordered.map(needsOf);
  const before = orderWithoutLoops(needs.map(flat));
  const isOpen = whatOpens(needs);
  if (!isOpen.includes(0)) return { steps: inOrder(unordered, needs, before), hasMistakes: false };
  const saysSomething = (step: Step, needed: Step): boolean =>
    isOpen[step.at] === 1 || before.loopOf[step.at] !== before.loopOf[needed.at];
  for (const node of places.sites.values())
    keepOnly(node.ways, ({ to }) => saysSomething(node.entry, to.exit));
  for (const node of places.devices.values())
    keepOnly(node.parents, (parent) => saysSomething(node.step, parent.step));
  const left = unordered.map(needsOf);
  return { steps: inOrder(unordered, left, orderWithoutLoops(left.map(flat))), hasMistakes: true };
}

/** What each step reads the results of: it is shut if all of one of these groups are. */
export function neededBy({ kind, of }: Step): readonly (readonly Step[])[] {
  if ('device' in of) return deviceNeeds(of);
  if (kind === 'entry') return of.ways.length === 0 ? [] : [of.ways.map(({ to }) => to.exit)];
  return of.carriers.length === 0 ? [[of.entry]] : [of.carriers.map(({ step }) => step)];
}

function deviceNeeds(of: DeviceNode): readonly (readonly Step[])[] {
  const { site, parents } = of;
  const groups: Step[][] = [];
  if (site !== undefined) groups.push([usesExit(of, site) ? site.exit : site.entry]);
  if (parents.length > 0) groups.push(parents.map(({ step }) => step));
  return groups;
}

type Needs = readonly (readonly number[])[];

function needsOf(step: Step): Needs {
  return neededBy(step).map((group) => group.map(({ at }) => at));
}

function flat(needs: Needs): readonly number[] {
  const [first = []] = needs;
  return needs.length <= 1 ? first : needs.flat();
}

function keepOnly<T>(list: T[], isKept: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(isKept));
}

function numbered({ sites, devices }: Places): Step[] {
  const steps: Step[] = [];
  const add = (step: Step): void => {
    step.at = steps.length;
    steps.push(step);
  };
  for (const site of sites.values()) addSite(site, add);
  for (const { step } of devices.values()) add(step);
  return steps;
}

function addSite({ entry, exit }: SiteNode, add: (step: Step) => void): void {
  add(entry);
  add(exit);
}

function inOrder(
  unordered: readonly Step[],
  needs: readonly Needs[],
  { order, loopOf }: ReturnType<typeof orderWithoutLoops>,
): readonly Step[] {
  unordered.forEach((step, at) => {
    for (const group of needs[at] ?? []) for (const needed of group) unordered[needed]?.dependents.push(step);
  });
  const steps: Step[] = [];
  let ring: Step[] = [];
  let loop: number | undefined;
  for (const at of order) {
    const step = unordered[at];
    if (step === undefined) continue;
    // Members of a loop stand one after the other.
    if (loopOf[at] !== loop) ring = [];
    loop = loopOf[at];
    ring.push(step);
    const [first] = ring;
    if (first !== undefined && first !== step) first.ring = step.ring = ring;
    step.at = steps.length;
    steps.push(step);
  }
  return steps;
}

import type { Service } from '../../../contract/inventory.ts';

/** Services in the order in which they can be judged: a group after all that it depends on. */
export interface ServiceGroup {
  /** More than one, or one that names itself: they depend on each other, which is a mistake in the inventory. */
  readonly services: readonly Service[];
  readonly isCircle: boolean;
}

const SERVICE = 'service:';

/** All references of a service, those of its choices included. */
export function referencesOf({ needs }: Pick<Service, 'needs'>): string[] {
  return needs.flatMap((need) => (typeof need === 'string' ? [need] : need.anyOf));
}

interface Visit {
  readonly service: Service;
  readonly children: readonly Service[];
  next: number;
  /** The earliest number on the stack that it leads back to. */
  low: number;
}

/** Tarjan's strongly connected components, without recursion: a chain of services may be long. */
export function groupServices(services: ReadonlyMap<string, Service>): ServiceGroup[] {
  const groups: ServiceGroup[] = [];
  const numbers = new Map<Service, number>();
  const open = new Set<Service>();
  const stack: Service[] = [];

  const visit = (service: Service): Visit => {
    const number = numbers.size;
    numbers.set(service, number);
    open.add(service);
    stack.push(service);
    return { service, children: neededServices(service, services), next: 0, low: number };
  };
  const close = (service: Service, children: readonly Service[]): void => {
    const members = stack.splice(stack.lastIndexOf(service));
    for (const member of members) open.delete(member);
    groups.push({ services: members, isCircle: members.length > 1 || children.includes(service) });
  };

  for (const first of services.values()) {
    if (numbers.has(first)) continue;
    const path = [visit(first)];
    for (let current = path.at(-1); current !== undefined; current = path.at(-1)) {
      const child = current.children[current.next++];
      if (child === undefined) {
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) above.low = Math.min(above.low, current.low);
        if (current.low === numbers.get(current.service)) close(current.service, current.children);
        continue;
      }
      const number = numbers.get(child);
      if (number === undefined) path.push(visit(child));
      else if (open.has(child)) current.low = Math.min(current.low, number);
    }
  }
  return groups;
}

function neededServices(service: Service, services: ReadonlyMap<string, Service>): Service[] {
  return referencesOf(service).flatMap((ref) =>
    ref.startsWith(SERVICE) ? (services.get(ref.slice(SERVICE.length)) ?? []) : [],
  );
}

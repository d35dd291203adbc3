import { createHash } from 'node:crypto';
import { INVENTORY_ID_PATTERN, type Device, type Link } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { DeclaredWiring } from './declared-wiring.ts';
import type { MeasuredEdge } from './measured-edges.ts';
import { proposalId, type Proposal } from './proposal.ts';

/** A link for each two devices of two sites that are connected and have none. Other tables than LLDP's know no cables. Pure. */
export function proposeLinks(
  edges: readonly MeasuredEdge[],
  { devices, links }: Pick<Inventory, 'devices' | 'links'>,
  declared: DeclaredWiring,
): readonly Proposal[] {
  return edges.flatMap((edge): Proposal[] => {
    const [a, b] = edge.ends.flatMap((id) => devices.get(id) ?? []);
    if (edge.confidence === 'low') return [];
    if (a === undefined || b === undefined || a.site === b.site) return [];
    if (declared.has({ device: a.id, site: a.site }, { device: b.id, site: b.site })) return [];
    const { confidence, evidence } = edge;
    const entry: Link = {
      id: freeId(edge.ends, links),
      // LLDP does not say what the line is made of.
      kind: 'other',
      ends: [endOf(a, edge.ports[0]), endOf(b, edge.ports[1])],
    };
    return [
      {
        id: proposalId('link', a.id, b.id),
        kind: 'link',
        confidence,
        sites: [a.site, b.site],
        units: [...new Set([a.unit, b.unit])],
        change: { kind: 'links', id: entry.id, after: entry },
        evidence,
      },
    ];
  });
}

function endOf({ id, site }: Device, port: string | undefined): Link['ends'][number] {
  return { site, device: id, ...(port !== undefined && { interface: port }) };
}

function freeId([a, b]: readonly [string, string], links: ReadonlyMap<string, unknown>): string {
  const plain = `${a}-${b}`;
  const between = INVENTORY_ID_PATTERN.test(`${plain}.99`)
    ? plain
    : `link-${createHash('sha256').update(`${a} ${b}`).digest('hex').slice(0, 16)}`;
  let id = between;
  for (let number = 2; links.has(id); number++) id = `${between}.${number}`;
  return id;
}

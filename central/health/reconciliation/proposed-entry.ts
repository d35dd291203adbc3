import { z } from 'zod';
import { deviceSchema, INVENTORY_ID_PATTERN, type Device } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { UnexpectedDevice } from '../../live/unexpected-devices.ts';

/** The entry that would put a device into the inventory, or why there is none. */
export const proposalSchema = z.union([
  z.object({ entry: deviceSchema.describe('ready for the inventory; its kind is a guess') }),
  z.object({ problem: z.string().describe('why none can be proposed, and what to do') }),
]);
export type Proposal = { readonly entry: Device } | { readonly problem: string };

/** What a device with such measurements most likely is; the first that fits counts. */
const GUESSES: readonly (readonly [kind: Device['kind'], measurements: readonly string[]])[] = [
  ['modem', ['cellular', 'signal_dip']],
  ['ups', ['power', 'upsd']],
  ['server', ['cpu', 'mem', 'disk', 'ipmi_sensor', 'smart_device']],
  ['node', ['interface', 'routing_peer', 'lldp_neighbor']],
  ['endpoint', ['service', 'http_response', 'x509_cert', 'dns_query']],
  ['sensor', ['environment']],
  ['storage', ['device_storage']],
  ['line', ['internet_speed', 'path']],
  ['probe', ['ping']],
];

type ProposalInventory = Pick<Inventory, 'agents'>;

/** Pure. It stands where the agent stands that reports it; of several, the first that the inventory has. */
export function proposeEntry(unexpected: UnexpectedDevice, { agents }: ProposalInventory): Proposal {
  const { device: id, agents: senders, measurements } = unexpected;
  if (!INVENTORY_ID_PATTERN.test(id))
    return {
      problem: 'its name is no id of the inventory (1 to 64 of a-z 0-9 . _ -): rename it at its agent',
    };
  const [owner, ...others] = senders.flatMap((sender) => agents.get(sender) ?? []);
  if (owner === undefined)
    return { problem: `the inventory has none of its agents (${senders.join(', ')}): add one of them first` };
  const kind = GUESSES.find(([, names]) => names.some((name) => measurements.includes(name)))?.[0] ?? 'other';
  const { site, unit } = owner;
  return {
    entry: {
      ...{ id, kind, site, unit, agent: owner.id },
      ...(others.length > 0 && { otherAgents: others.slice(0, MAX_OTHERS).map((agent) => agent.id) }),
    },
  };
}

/** As many as an entry may have. */
const MAX_OTHERS = 16;

import { ACCESS_EXAMPLES } from './examples/access.ts';
import { AGENTS_EXAMPLES } from './examples/agents.ts';
import { ALERT_HANDLING_EXAMPLES } from './examples/alert-handling.ts';
import { ALERTS_EXAMPLES } from './examples/alerts.ts';
import { CITY_EXAMPLES } from './examples/city.ts';
import { DELIVERY_EXAMPLES } from './examples/delivery.ts';
import { INCIDENTS_EXAMPLES } from './examples/incidents.ts';
import { INVENTORY_EXAMPLES } from './examples/inventory.ts';
import { NETWORKS_EXAMPLES } from './examples/networks.ts';
import { NOTIFICATIONS_EXAMPLES } from './examples/notifications.ts';
import { SAMPLES_EXAMPLES } from './examples/samples.ts';
import { TOPOLOGY_EXAMPLES } from './examples/topology.ts';

/** An answer of each operation that answers with JSON, as `/docs` shows it; by method and path. */
export const EXAMPLE_ANSWERS: Readonly<Record<string, unknown>> = {
  ...ACCESS_EXAMPLES,
  ...AGENTS_EXAMPLES,
  ...ALERT_HANDLING_EXAMPLES,
  ...ALERTS_EXAMPLES,
  ...CITY_EXAMPLES,
  ...DELIVERY_EXAMPLES,
  ...INCIDENTS_EXAMPLES,
  ...INVENTORY_EXAMPLES,
  ...NETWORKS_EXAMPLES,
  ...NOTIFICATIONS_EXAMPLES,
  ...SAMPLES_EXAMPLES,
  ...TOPOLOGY_EXAMPLES,
};

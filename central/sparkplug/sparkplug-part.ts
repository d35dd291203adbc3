import type { LiveInventory } from '../inventory/live-inventory.ts';
import { movedBetween } from '../inventory/moved.ts';
import type { Part } from '../jobs/part.ts';
import type { SparkplugParts } from './attach.ts';
import type { SparkplugConfig } from './config.ts';
import type { SparkplugStats } from './host-stats.ts';
import type { NodeView } from './node-view.ts';

export interface SharedSparkplug {
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { stats(): SparkplugStats; describe(agent: string): NodeView | undefined };
}

/** Its library is loaded only where it is used. */
export async function createSparkplugPart(
  config: SparkplugConfig | undefined,
  deps: SparkplugParts & { readonly inventory: LiveInventory },
): Promise<Part<SharedSparkplug>> {
  if (config === undefined) return { shared: {} };
  const { attachSparkplug } = await import('./attach.ts');
  const sparkplug = attachSparkplug(config, deps);
  deps.inventory.onChange((now, before) => sparkplug.recordMoved(movedBetween(before, now)));
  return { shared: { sparkplug } };
}

import { z } from 'zod';
import type { EdgeNode } from './edge-node.ts';
import type { SessionState } from './session.ts';

/** Without the library that decodes payloads: the API has this also where Sparkplug is not configured. */
export const nodeViewSchema = z
  .object({
    group: z.string(),
    node: z.string(),
    /** `unborn`: a message arrived without a known birth; a rebirth was requested. */
    session: z.enum(['unborn', 'born', 'dead'] satisfies SessionState[]),
    bdSeq: z.int().exactOptional(),
    devices: z.array(z.string()).readonly(),
    metrics: z.int(),
    lostMessages: z.int(),
    rebirthRequests: z.int(),
  })
  .describe('only of a Sparkplug B edge node; it sends its data once, so what is lost on the way stays lost');
export type NodeView = Readonly<z.infer<typeof nodeViewSchema>>;

export function nodeView({ name, session, lostMessages, rebirth }: EdgeNode): NodeView {
  return {
    ...name,
    session: session.state,
    ...(session.bdSeq !== undefined && { bdSeq: session.bdSeq }),
    devices: session.devices,
    metrics: session.metricCount,
    lostMessages,
    rebirthRequests: rebirth.total,
  };
}

import { z } from 'zod';
import { METHODS, type Method } from './measure.ts';
import { targetSchema, targetTags, type PathTarget } from './target.ts';

export const configSchema = z
  .strictObject({
    targets: z.array(targetSchema).min(1, 'expected at least one target').max(256),
    /** Probes in a burst, one a second. */
    count: z.int().min(2).max(60).default(10),
    replyTimeoutMs: z.int().min(100).max(10_000).default(1_000),
    /** In this order, until one is answered; `tcp` and `http` only with the target's port or url. */
    methods: z
      .array(z.enum(METHODS))
      .min(1)
      .max(METHODS.length)
      .default([...METHODS]),
    trace: z.boolean().default(true),
    /** Loss in a burst, %, from which the route is traced. */
    traceLossPct: z.number().min(1).max(100).default(20),
  })
  .superRefine(({ targets, methods }, context) => {
    for (const [index, target] of targets.entries()) {
      const report = (message: string): void =>
        context.addIssue({ code: 'custom', path: ['targets', index], message, input: target.address });
      if (targets.findIndex((other) => seriesOf(other) === seriesOf(target)) !== index) {
        report('expected a target of its own (the same one on two lines needs lines)');
      }
      if (!methods.some((method) => canBeUsed(method, target))) {
        report('expected a port for tcp or a url for http, or icmp among the methods');
      }
    }
  });
export type PathConfig = z.infer<typeof configSchema>;

function canBeUsed(method: Method, { port, url }: PathTarget): boolean {
  return method === 'icmp' || (method === 'tcp' ? port : url) !== undefined;
}

function seriesOf(target: PathTarget): string {
  return JSON.stringify(targetTags(target));
}

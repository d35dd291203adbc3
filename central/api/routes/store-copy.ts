import { z } from 'zod';
import type { StoreCopies } from '../../store/store-copies.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';

export interface StoreCopyRouteDeps extends AuditDeps {
  readonly storeCopies: Pick<StoreCopies, 'start' | 'state'>;
}

const stateSchema = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  file: z.string().optional().describe("On central's machine, in its data directory"),
  reason: z.string().optional().describe('Why it failed'),
});

export function storeCopyRoutes(app: App, deps: StoreCopyRouteDeps): void {
  const tags = ['Backup'];
  app.get(
    '/store-copy',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'State of the last copy of the embedded store',
        response: { 200: stateSchema },
      },
    },
    () => deps.storeCopies.state,
  );
  app.post(
    '/store-copy',
    {
      config: { role: 'admin', problems: ['STORE_COPY_RUNNING', 'STORE_ELSEWHERE'] },
      schema: {
        tags,
        summary: 'Copy the embedded store within the data directory while central runs, for wardwatch backup',
        response: { 202: stateSchema },
      },
    },
    async (request, reply) => {
      const result = deps.storeCopies.start();
      if (result === 'running') throw new ApiError('STORE_COPY_RUNNING', 'a copy is being made already');
      if (result === 'none')
        throw new ApiError(
          'STORE_ELSEWHERE',
          'the samples are in another database, which has its own backup',
        );
      recordAudit(deps, request, 'store.copy', 'embedded store');
      return reply.status(202).send(deps.storeCopies.state);
    },
  );
}

import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { actorOf, recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';

const TARGETS = ['site', 'unit', 'agent'] as const;
const text = z.object({ vi: z.string(), en: z.string() });
const KINDS = [
  'fibre-cut',
  'power-cut',
  'gateway-dead',
  '5g-dip',
  'storage-filling',
  'certificate-expiring',
  'clock-wrong',
] as const;

const kindSchema = z.object({
  kind: z.enum(KINDS),
  title: text,
  explanation: text.describe('what will be seen, and when'),
  target: z.enum(TARGETS).describe('what kind of element its target is'),
  suggested: z.string().describe('a target at which much can be seen'),
  lastsMs: z.int().describe('it mends itself after so long'),
});

const faultSchema = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  target: z.string(),
  startedAtMs: unixMs,
  endsAtMs: unixMs,
  by: z.string().describe('who started it'),
});
type Fault = z.infer<typeof faultSchema>;
type Kind = (typeof KINDS)[number];

interface StartedFault {
  readonly id: string;
  readonly kind: Kind;
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: string;
}

/** What people may do to a simulated city. */
export interface DemoScenarios {
  kinds(): readonly Readonly<z.infer<typeof kindSchema>>[];
  underWay(): readonly StartedFault[];
  start(given: {
    readonly kind: Kind;
    readonly target?: string | undefined;
    readonly lastsMs?: number | undefined;
    readonly by: string;
  }): StartedFault | 'unknown-target' | 'under-way' | 'too-many';
  end(id: string): boolean;
}

const MIN_LASTS_MS = 30_000;
const MAX_LASTS_MS = 3_600_000;

/** The first five minutes: faults for a look around. Only where the city is a simulated one. */
export function demoRoutes(app: App, deps: AuditDeps, demo: DemoScenarios | undefined): void {
  const tags = ['Demo'];
  const running = (): DemoScenarios => {
    if (demo !== undefined) return demo;
    throw new ApiError('DEMO_NOT_RUNNING', 'no simulated city runs here; wardwatch start runs one');
  };
  app.get(
    '/demo',
    {
      config: { problems: ['DEMO_NOT_RUNNING'] },
      schema: {
        tags,
        summary: 'What can be broken in the simulated city for a look around, and what is',
        response: { 200: z.object({ kinds: z.array(kindSchema), faults: z.array(faultSchema) }) },
      },
    },
    () => ({ kinds: [...running().kinds()], faults: running().underWay().map(shown) }),
  );
  app.post(
    '/demo/faults',
    {
      config: { role: 'engineer', problems: ['DEMO_NOT_RUNNING', 'DEMO_FAULT_UNDER_WAY'] },
      schema: {
        tags,
        summary: 'Break something in the simulated city; it mends itself',
        body: z.strictObject({
          kind: z.enum(KINDS),
          target: z.string().min(1).max(100).optional().describe('the suggested one without it'),
          lastsMs: z.int().min(MIN_LASTS_MS).max(MAX_LASTS_MS).optional(),
        }),
        response: { 201: faultSchema },
      },
    },
    async (request, reply) => {
      const { kind, target } = request.body;
      const started = running().start({ ...request.body, by: actorOf(request) });
      if (started === 'unknown-target') {
        const problem = `body.target: expected a target of ${kind}, got "${target ?? ''}"`;
        throw new ApiError('INVALID_REQUEST', problem, { problems: [problem] });
      }
      if (typeof started === 'string') {
        const detail =
          started === 'under-way'
            ? 'this fault is there already'
            : 'seven faults are under way; end one first';
        throw new ApiError('DEMO_FAULT_UNDER_WAY', detail);
      }
      recordAudit(deps, request, 'demo.start', `${started.id} ${kind} at ${started.target}`);
      return reply.status(201).send(shown(started));
    },
  );
  app.delete(
    '/demo/faults/:id',
    {
      config: { role: 'engineer', problems: ['DEMO_NOT_RUNNING', 'DEMO_FAULT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Mend it now',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!running().end(id)) throw new ApiError('DEMO_FAULT_NOT_FOUND', `no fault "${id}" is under way`);
      recordAudit(deps, request, 'demo.end', id);
      return reply.status(204).send(null);
    },
  );
}

function shown({ id, kind, target, fromMs, toMs, by }: StartedFault): Fault {
  return { id, kind, target, startedAtMs: fromMs, endsAtMs: toMs, by };
}

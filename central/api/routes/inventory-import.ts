import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { UserError } from '../../../runtime/errors.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';
import type { ReadYaml } from '../../../runtime/yaml-thread.ts';
import { givenCsv } from '../../inventory/csv/given-csv.ts';
import { givenFrom } from '../../inventory/given.ts';
import { importAnswer, importAnswerSchema } from '../../inventory/import-answer.ts';
import { listsOf } from '../../inventory/inventory.ts';
import { KIND_NAMES, kindSchema } from '../../inventory/kinds.ts';
import {
  MAX_INVENTORY_BYTES,
  readQuickly,
  withoutMark,
  writeInventoryText,
} from '../../inventory/inventory-text.ts';
import type { ManagedInventory } from '../../inventory/managed-inventory.ts';
import type { App } from '../fastify-app.ts';
import { refused, withInventoryErrors } from '../inventory-errors.ts';
import { ApiError } from '../problem.ts';
import { authorOf, INVENTORY_PROBLEMS } from './inventory.ts';

export interface InventoryImportRouteDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly managedInventory: Pick<ManagedInventory, 'live' | 'revision' | 'import'>;
  /** Must not hold up central. */
  readonly readYaml: ReadYaml;
}

const JSON_TYPE = 'application/json';
/** RFC 9512. */
const YAML_TYPE = 'application/yaml';
const CSV_TYPE = 'text/csv';
/** YAML of another form than an export's takes a thread half a second, made to do harm a few seconds. */
const MAX_YAML_BYTES = 256 * 1024;
/** A byte of it is as dear as so many of an export. */
const YAML_WEIGHT = 32;
/** 50,000 entries take central a second or two: not again and again. */
const IMPORTED_BYTES = { capacity: 4 * MAX_INVENTORY_BYTES, refillPerS: 512 * 1024 };
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
/** Their entries are checked all at once. */
const bodySchema = z
  .strictObject(Object.fromEntries(KIND_NAMES.map((kind) => [kind, z.array(z.unknown()).optional()])))
  .describe('lists as in the inventory file');
const importQuery = z.object({
  dryRun: flag.describe('true: only answer what would change'),
  prune: flag.describe(
    'true: remove what the lists in the body lack; lists not in the body stay as they are',
  ),
  expectedRevision: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('revision of the whole inventory, as a dry run answered it; 409 if it is another by now'),
});
export function inventoryImportRoutes(app: App, deps: InventoryImportRouteDeps): void {
  // In a scope of its own: no other route takes YAML, or a body of this size.
  void app.register(async (scope) => {
    readBodies(scope, deps);
    addRoutes(scope, deps);
  });
}

function readBodies(app: App, { clock, readYaml }: InventoryImportRouteDeps): void {
  const bytes = new TokenBucket(IMPORTED_BYTES, clock.monotonicMs());
  const assertAffordable = (text: string | Buffer, weight = 1): void => {
    const size = Buffer.byteLength(text) * weight;
    if (bytes.tryTake(size, clock.monotonicMs())) return;
    const retryAfterS = Math.ceil(size / IMPORTED_BYTES.refillPerS);
    const detail = `many imports within a short time; wait ${retryAfterS} s`;
    throw new ApiError('TOO_MANY_REQUESTS', detail, { retryAfterS });
  };
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(JSON_TYPE);
  app.addContentTypeParser<string>(JSON_TYPE, { parseAs: 'string' }, (request, text, done) => {
    assertAffordable(text);
    return parseJson(request, text, done);
  });
  app.addContentTypeParser<Buffer>(CSV_TYPE, { parseAs: 'buffer' }, (_request, content, done) => {
    assertAffordable(content);
    done(null, content);
  });
  app.addContentTypeParser<string>(
    YAML_TYPE,
    { parseAs: 'string' },
    async (_request: unknown, text: string) => {
      assertAffordable(text);
      const quick = readQuickly(text);
      if (quick !== undefined) return quick;
      if (Buffer.byteLength(text) > MAX_YAML_BYTES)
        throw refused([`the body: larger than ${MAX_YAML_BYTES} bytes`]);
      assertAffordable(text, YAML_WEIGHT);
      return readYaml('the body', withoutMark(text)).catch(refuse);
    },
  );
}

function addRoutes(app: App, deps: InventoryImportRouteDeps): void {
  const tags = ['Inventory'];
  const { clock, managedInventory: inventory } = deps;
  app.post(
    '/inventory/import',
    {
      bodyLimit: MAX_INVENTORY_BYTES,
      config: { role: 'engineer', problems: INVENTORY_PROBLEMS },
      schema: {
        tags,
        summary:
          'Add and change many entries at once, or none: YAML or JSON with lists as in the inventory file, at most 16 MiB (YAML of another form than that of an export: 256 KiB). 422 lists all problems.',
        consumes: [JSON_TYPE, YAML_TYPE],
        querystring: importQuery,
        body: bodySchema,
        response: { 200: importAnswerSchema },
      },
    },
    (request) => {
      const { body, query } = request;
      const given = withRefusals(() => givenFrom('the body', body));
      const { changes, revision } = withInventoryErrors(() =>
        inventory.import(given, query, authorOf(request)),
      );
      return importAnswer(changes, revision, query.dryRun, []);
    },
  );
  app.post(
    '/inventory/import-csv',
    {
      bodyLimit: MAX_INVENTORY_BYTES,
      config: { role: 'engineer', problems: INVENTORY_PROBLEMS },
      schema: {
        tags,
        summary:
          'The same for one list in CSV (the first line names the columns), at most 16 MiB. 422 lists all problems with line, column, value and nearest known name.',
        consumes: [CSV_TYPE],
        querystring: importQuery.extend({ kind: kindSchema.describe('the list that the file has') }),
        body: z.unknown().describe('a CSV file'),
        response: { 200: importAnswerSchema },
      },
    },
    (request) => {
      const { body, query } = request;
      if (!Buffer.isBuffer(body)) throw new ApiError('UNSUPPORTED_MEDIA_TYPE', `expected ${CSV_TYPE}`);
      const file = { name: `${query.kind}.csv`, content: body };
      const { given, notes } = givenCsv([file], listsOf(inventory.live));
      const { changes, revision } = withInventoryErrors(() =>
        inventory.import(given, query, authorOf(request)),
      );
      return importAnswer(changes, revision, query.dryRun, notes);
    },
  );
  app.get(
    '/inventory/export',
    {
      schema: {
        tags,
        summary: 'The whole inventory in YAML, an entry a line; an import of it changes nothing',
        response: {
          200: { description: 'an inventory file', content: { [YAML_TYPE]: { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      const at = new Date(clock.now()).toISOString();
      const heading = `Inventory of Wardwatch, revision ${inventory.revision}, exported ${at}`;
      return reply
        .type(YAML_TYPE)
        .serializer((text: string) => text)
        .send(writeInventoryText(listsOf(inventory.live), heading));
    },
  );
}

function withRefusals<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof UserError) throw refused(error.problems);
  throw error;
}

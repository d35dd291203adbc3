import type { ApiHarness } from './api-harness.ts';

export interface QueryParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly type?: unknown };
}

/** A route as OpenAPI describes it, so that a new one is tested without being listed anywhere. */
export interface DescribedRoute {
  readonly method: string;
  /** As OpenAPI writes it. */
  readonly path: string;
  /** With values in the place of its path parameters. */
  readonly url: string;
  readonly parameters: readonly QueryParameter[];
  readonly needsToken: boolean;
  readonly takesJson: boolean;
  /** What OpenAPI says of each status. */
  readonly answers: Readonly<Record<string, string>>;
}

interface Operation {
  readonly parameters?: readonly QueryParameter[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}

const PATH_VALUES: Readonly<Record<string, string>> = { id: 'gw-1', revision: '1', kind: 'agents' };

export async function describedRoutes(harness: ApiHarness): Promise<DescribedRoute[]> {
  const { json } = await harness.call('GET', '/docs/json');
  const paths = json['paths'] as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PATH_VALUES[name] ?? 'none'),
      parameters: (operation.parameters ?? []).filter(
        // Not the one that stands for many: the tags to filter by.
        (parameter) => parameter.in === 'query' && parameter.schema?.type !== 'object',
      ),
      needsToken: operation.security?.length !== 0,
      takesJson: operation.requestBody?.content['application/json'] !== undefined,
      answers: Object.fromEntries(
        Object.entries(operation.responses).map(([status, { description = '' }]) => [status, description]),
      ),
    })),
  );
}

/** What has a page of its own. */
export const ELEMENT_PAGES = ['unit', 'site', 'device', 'link', 'pool', 'service'] as const;
export type ElementPage = (typeof ELEMENT_PAGES)[number];

const PLAIN_PAGES = [
  'incidents',
  'alerts',
  'coverage',
  'capacity',
  'figures',
  'fleet',
  'quarantine',
  'rollouts',
  'inventory',
  'rules',
  'wall',
  'login',
] as const;

/** What an address shows. */
export type Route =
  | { readonly page: 'city' | (typeof PLAIN_PAGES)[number] }
  | { readonly page: 'incident' | 'alert' | 'rule' | 'rollout'; readonly id: string }
  | { readonly page: 'entry'; readonly kind: string; readonly id: string }
  | { readonly page: 'element'; readonly kind: ElementPage; readonly id: string }
  | { readonly page: 'port'; readonly device: string; readonly name: string }
  | { readonly page: 'missing'; readonly path: string };

const MAX_ID_CHARS = 200;

/** The part of an address before the `?`. Whatever it is, the answer is a route. Pure. */
export function parsePath(path: string): Route {
  const [first = '', second, third, ...rest] = path.split('/').slice(1);
  const missing: Route = { page: 'missing', path };
  if (third !== undefined) {
    if (first === 'inventory' && rest.length === 0) return entryOf(second, third) ?? missing;
    return (first === 'devices' && third === 'ports' ? portOf(second, rest) : undefined) ?? missing;
  }
  if (second === undefined) {
    if (first === '') return { page: 'city' };
    const page = PLAIN_PAGES.find((each) => each === first);
    return page === undefined ? missing : { page };
  }
  const id = idOf(second);
  if (id === '') return missing;
  if (first === 'incidents') return { page: 'incident', id };
  if (first === 'alerts') return { page: 'alert', id };
  if (first === 'rules') return { page: 'rule', id };
  if (first === 'rollouts') return { page: 'rollout', id };
  const kind = ELEMENT_PAGES.find((each) => `${each}s` === first);
  return kind === undefined ? missing : { page: 'element', kind, id };
}

/** The address of a route. Pure. */
export function pathOfRoute(route: Route): string {
  switch (route.page) {
    case 'city':
      return '/';
    case 'incident':
    case 'alert':
    case 'rule':
    case 'rollout':
      return `/${route.page}s/${encodeURIComponent(route.id)}`;
    case 'element':
      return `/${route.kind}s/${encodeURIComponent(route.id)}`;
    case 'port':
      return `/devices/${encodeURIComponent(route.device)}/ports/${encodeURIComponent(route.name)}`;
    case 'entry':
      return `/inventory/${encodeURIComponent(route.kind)}/${encodeURIComponent(route.id)}`;
    case 'missing':
      return route.path;
    default:
      return `/${route.page}`;
  }
}

/** Of a reference as the API writes it, such as `site:hub-03`; undefined for what has no page. Pure. */
export function routeOfRef(ref: string): Route | undefined {
  const colon = ref.indexOf(':');
  const kind = ELEMENT_PAGES.find((each) => each === ref.slice(0, colon));
  return kind === undefined ? undefined : { page: 'element', kind, id: ref.slice(colon + 1) };
}

/** An id of the inventory may have a slash, such as that of a port. Pure. */
function entryOf(kind: string | undefined, written: string): Route | undefined {
  const id = idOf(written);
  if (kind === undefined || id === '') return undefined;
  return /^[A-Za-z]{1,32}$/.test(kind) ? { page: 'entry', kind, id } : undefined;
}

/** Pure. */
function portOf(written: string | undefined, [port, ...more]: readonly string[]): Route | undefined {
  const [device, name] = [idOf(written), idOf(port)];
  return more.length > 0 || device === '' || name === '' ? undefined : { page: 'port', device, name };
}

/** '': it is none. */
function idOf(text = ''): string {
  try {
    const id = decodeURIComponent(text);
    return id.length > MAX_ID_CHARS ? '' : id;
  } catch {
    return '';
  }
}

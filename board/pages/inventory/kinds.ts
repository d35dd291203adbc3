import type { Answers } from '../../api/answers.ts';
import type { Route } from '../../route/route.ts';

export type Kind = Answers['/api/v1/inventory/{kind}/{id}']['kind'];

/** What is looked at most comes first. */
export const KINDS = [
  'devices',
  'sites',
  'links',
  'agents',
  'services',
  'pools',
  'interfaces',
  'agencies',
  'units',
  'formerUnits',
] as const satisfies readonly Kind[];

export function kindOf(word: string | undefined): Kind | undefined {
  return KINDS.find((each) => each === word);
}

/** The page that shows how the element does; undefined: it has none. Pure. */
export function statePageOf(kind: Kind, id: string): Route | undefined {
  const [whole = ''] = id.split('/');
  switch (kind) {
    case 'units':
      return { page: 'element', kind: 'unit', id };
    case 'sites':
      return { page: 'element', kind: 'site', id };
    case 'devices':
      return { page: 'element', kind: 'device', id };
    case 'interfaces':
      return { page: 'element', kind: 'device', id: whole };
    case 'links':
      return { page: 'element', kind: 'link', id };
    case 'pools':
      return { page: 'element', kind: 'pool', id: whole };
    case 'services':
      return { page: 'element', kind: 'service', id };
    case 'agents':
    case 'agencies':
    case 'formerUnits':
      return undefined;
  }
}

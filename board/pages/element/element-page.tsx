import type { ElementPage as ElementKind } from '../../route/route.ts';
import { DevicePage } from './device-page.tsx';
import { LinkPage } from './link-page.tsx';
import { PoolPage } from './pool-page.tsx';
import { ServicePage } from './service-page.tsx';
import { SitePage } from './site-page.tsx';
import { UnitPage } from './unit-page.tsx';

const PAGES = {
  unit: UnitPage,
  site: SitePage,
  device: DevicePage,
  link: LinkPage,
  pool: PoolPage,
  service: ServicePage,
};

export function ElementPage({ kind, id }: { readonly kind: ElementKind; readonly id: string }) {
  const Page = PAGES[kind];
  return <Page key={`${kind} ${id}`} id={id} />;
}

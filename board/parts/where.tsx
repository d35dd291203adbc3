import { routeOfRef } from '../route/route.ts';
import { Link } from './link.tsx';

/** A reference such as `site:hub-03`, with its name where it is known; a link where it has a page. */
export function Ref({ of, name }: { readonly of: string; readonly name?: string | undefined }) {
  const route = routeOfRef(of);
  const words = name ?? of.slice(of.indexOf(':') + 1);
  return route === undefined ? <span>{words}</span> : <Link to={route}>{words}</Link>;
}

interface PlaceProps {
  readonly unit?: string | undefined;
  readonly unitName?: string | undefined;
  readonly site?: string | undefined;
  readonly siteName?: string | undefined;
}

/** Unit and site, as far as they are known. */
export function Place({ unit, unitName, site, siteName }: PlaceProps) {
  return (
    <>
      {unit !== undefined && <Ref of={`unit:${unit}`} name={unitName} />}
      {unit !== undefined && site !== undefined && ' · '}
      {site !== undefined && <Ref of={`site:${site}`} name={siteName} />}
    </>
  );
}

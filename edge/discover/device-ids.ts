import type { Finding } from './finding.ts';

const MAX_LENGTH = 64;
const WITHOUT_NAME: ReadonlySet<string> = new Set(['localhost', 'unknown', 'none']);

/**
 * An inventory id for each device. Pure. The rule: sysName without its domain, in lower case, without accents, anything
 * but a-z, 0-9, `.`, `_` and `-` as `-`; without a usable name, `ip-` and the address; a name that several devices have,
 * or that is `reserved`, is followed by the address.
 */
export function deviceIds(findings: readonly Finding[], reserved: ReadonlySet<string>): readonly string[] {
  const wanted = findings.map(({ name }) => idOf(name));
  const taken = new Set(reserved);
  return findings.map(({ address }, at) => {
    const suffix = address.replaceAll('.', '-');
    const name = wanted[at];
    const isShared = name !== undefined && wanted.filter((other) => other === name).length > 1;
    let id = name ?? `ip-${suffix}`;
    if (isShared || taken.has(id)) id = `${id.slice(0, MAX_LENGTH - suffix.length - 1)}-${suffix}`;
    taken.add(id);
    return id;
  });
}

function idOf(name: string | undefined): string | undefined {
  const [host = ''] = (name ?? '').split('.');
  const id = host
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  return id === '' || WITHOUT_NAME.has(id) ? undefined : id;
}

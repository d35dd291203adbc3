interface Rooted {
  readonly root?: string | undefined;
  readonly rootName?: string | undefined;
  readonly site?: string | undefined;
  readonly unit?: string | undefined;
}

/** What an incident is about: its root, else where it is, so that two of one sort are told apart; '': neither is known. Pure. */
export function incidentAbout({ root, rootName, site, unit }: Rooted): string {
  return rootName ?? root ?? site ?? unit ?? '';
}

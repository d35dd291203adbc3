/** What `wardwatch start --json` says once it can be reached. */
export interface Ready {
  readonly apiUrl: string;
  readonly brokerUrl: string;
  readonly adminToken: string;
}

export function readyOf(log: string): Ready | undefined {
  const line = log.split('\n').find((each) => each.startsWith('{"event":"ready"'));
  return line === undefined ? undefined : (JSON.parse(line) as Ready);
}

export function agentsLive(log: string): number {
  const line = log.split('\n').findLast((each) => /^\{"event":"progress".*\}$/.test(each));
  return line === undefined ? 0 : (JSON.parse(line) as { readonly agentsLive: number }).agentsLive;
}

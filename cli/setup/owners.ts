import type { SetupUse } from './choice.ts';
import type { LayoutEntry, Reader } from './layout.ts';

export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Who runs setup, and the users and groups of this machine: the texts of `/etc/passwd` and `/etc/group`. */
export interface Accounts {
  readonly uid: number;
  readonly gid: number;
  readonly passwd: string;
  readonly group: string;
}

const MODES = {
  file: { closed: 0o600, group: 0o640, open: 0o644 },
  directory: { closed: 0o700, group: 0o750, open: 0o755 },
};

/**
 * What an entry should have. Services of this machine each read their own; where one has no user here (yet), its entries are
 * root's. Containers, whose users this machine does not have, read as members of the caller's group; the agent's, which sees the
 * machine's files, is in no group, so what it reads is open to all who can enter the folder: not those of this machine. Pure.
 */
export function rightsOf(entry: LayoutEntry, use: SetupUse, accounts: Accounts): Rights {
  const modes = entry.path.endsWith('/') ? MODES.directory : MODES.file;
  const { uid, gid } = accounts;
  if (use === 'compose') return { mode: modes[accessInContainers(entry)], uid, gid };
  if (entry.reader === 'all') return { mode: modes.open, uid, gid };
  // Only root can give files away.
  if (uid !== 0) return { mode: entry.reader === 'root' ? modes.closed : modes.group, uid, gid };
  return rightsOnMachine(entry.reader, modes, accounts);
}

function accessInContainers({ path, reader }: LayoutEntry): keyof typeof MODES.file {
  if (reader === 'root') return 'closed';
  const isOpen = reader === 'edge' || (reader === 'all' && !path.endsWith('/'));
  return isOpen ? 'open' : 'group';
}

function rightsOnMachine(
  reader: Exclude<Reader, 'all'>,
  { closed, group }: { readonly closed: number; readonly group: number },
  accounts: Accounts,
): Rights {
  const wardwatch = idOf('wardwatch', accounts.group) ?? 0;
  switch (reader) {
    case 'root':
      return { mode: closed, uid: 0, gid: 0 };
    // Central and the agent may read what configures them, not change it.
    case 'central':
    case 'edge':
      return { mode: group, uid: 0, gid: wardwatch };
    // Broker and API have one certificate.
    case 'servers':
      return { mode: group, uid: idOf('mosquitto', accounts.passwd) ?? 0, gid: wardwatch };
    case 'mosquitto':
    case 'influxdb':
    case 'grafana':
      return {
        mode: closed,
        uid: idOf(reader, accounts.passwd) ?? 0,
        gid: idOf(reader, accounts.group) ?? 0,
      };
  }
}

/** Services that have no user or group on this machine. Pure. */
export function missingAccounts({ passwd, group }: Accounts): readonly string[] {
  return [
    ...(idOf('wardwatch', group) === undefined ? ['wardwatch'] : []),
    ...['mosquitto', 'influxdb', 'grafana'].filter((name) => idOf(name, passwd) === undefined),
  ];
}

/** As ls shows it. Pure. */
export function ownerText({ uid, gid }: Pick<Rights, 'uid' | 'gid'>, { passwd, group }: Accounts): string {
  return `${nameOf(uid, passwd) ?? uid}:${nameOf(gid, group) ?? gid}`;
}

/** The number in the third field of the line of this name (passwd(5), group(5)). */
function idOf(name: string, file: string): number | undefined {
  const line = file.split('\n').find((each) => each.startsWith(`${name}:`));
  const id = Number(line?.split(':')[2]);
  return Number.isInteger(id) ? id : undefined;
}

function nameOf(id: number, file: string): string | undefined {
  return file
    .split('\n')
    .find((line) => line.split(':')[2] === String(id))
    ?.split(':')[0];
}

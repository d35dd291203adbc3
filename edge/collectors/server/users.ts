export interface Users {
  readonly sessions: number;
  readonly names: number;
}

/** ut_type of someone logged in, utmp(5). */
const USER_PROCESS = 7;
/** `struct utmp` where time is 32 bit (x86, ARM), and where it is 64 bit (aarch64). */
const RECORD_BYTES = [384, 400];
const NAME_OFFSET = 44;
const NAME_BYTES = 32;

/** Counts people logged in from utmp(5) records; undefined: unknown layout. */
export function parseUsers(utmp: Buffer): Users | undefined {
  const recordBytes = RECORD_BYTES.find((bytes) => utmp.length % bytes === 0);
  if (recordBytes === undefined) return undefined;
  const names = new Set<string>();
  let sessions = 0;
  for (let offset = 0; offset < utmp.length; offset += recordBytes) {
    if (utmp.readInt16LE(offset) !== USER_PROCESS) continue;
    const name = utmp.toString('latin1', offset + NAME_OFFSET, offset + NAME_OFFSET + NAME_BYTES);
    names.add(name.split('\0')[0] ?? '');
    sessions++;
  }
  return { sessions, names: names.size };
}

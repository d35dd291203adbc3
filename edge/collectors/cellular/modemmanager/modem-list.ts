import { MmcliError } from './mmcli.ts';
import { textsAt, type Json } from './json.ts';

/** `mmcli -L -J`: D-Bus paths. */
export function chooseModem(json: Json): string {
  const paths = textsAt(json, 'modem-list');
  const [first] = paths;
  if (first === undefined) throw new MmcliError('absent', 'ModemManager has no modem');
  if (paths.length === 1) return first;
  const known = paths.map((path) => path.split('/').at(-1)).join(', ');
  throw new MmcliError('absent', `ModemManager has ${paths.length} modems (${known}): say which with modem`);
}

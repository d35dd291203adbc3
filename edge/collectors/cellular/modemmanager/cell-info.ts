import { bandOfChannel } from '../../../../contract/radio-bands.ts';
import { cellIdOf, hexOf, numberOf, tacOf } from '../encodings.ts';
import { defined, type RadioFields } from '../radio-state.ts';
import { objectAt, textsAt } from './json.ts';

export interface MmCell {
  readonly technology: 'nr' | 'lte' | undefined;
  readonly band?: string | undefined;
  readonly rsrpDbm?: number | undefined;
  readonly rsrqDb?: number | undefined;
  readonly sinrDb?: number | undefined;
  readonly identity: RadioFields;
}

const MAX_CELLS = 64;

/** `mmcli -m N --get-cell-info -J`: a text a cell, `cell type: lte, serving: yes, …`. Serving cells only; ids in hex, bandwidth in Hz. */
export function parseCellInfo(json: unknown): readonly MmCell[] {
  const inGeneric = textsAt(objectAt(json, 'modem', 'generic'), 'cell-info');
  const texts = inGeneric.length > 0 ? inGeneric : textsAt(objectAt(json, 'modem'), 'cell-info');
  return texts.slice(0, MAX_CELLS).flatMap((text) => {
    const values = new Map(
      text.split(',').map((pair): [string, string] => {
        const colon = pair.indexOf(':');
        return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
      }),
    );
    return values.get('serving') === 'yes' ? [toCell(values)] : [];
  });
}

function toCell(values: ReadonlyMap<string, string>): MmCell {
  const technology = { '5gnr': 'nr', lte: 'lte' }[values.get('cell type') ?? ''] as MmCell['technology'];
  const number = (key: string): number | undefined => numberOf(values.get(key));
  const arfcn = number('nrarfcn') ?? number('earfcn');
  const bandwidthHz = number('bandwidth');
  return {
    technology,
    band: technology === undefined ? undefined : bandOfChannel(technology, arfcn),
    rsrpDbm: number('rsrp'),
    rsrqDb: number('rsrq'),
    sinrDb: number('sinr'),
    identity: defined({
      pci: hexOf(values.get('physical ci')),
      arfcn,
      cell_id: cellIdOf(values.get('ci')),
      tac: tacOf(values.get('tac')),
      timing_advance: number('timing advance'),
      bandwidth_mhz: bandwidthHz === undefined ? undefined : bandwidthHz / 1e6,
    }),
  };
}

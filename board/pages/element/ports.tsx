import { formatQuantity } from '../../language/format.ts';
import { useApp, useNow } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { StateMark } from '../../parts/marks.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { useScope } from '../../parts/use-scope.ts';
import { portState } from './port-states.ts';

const OLD_AFTER_MS = 900_000;

/** The ports of a device as it says they are now, each with a page; nothing for what has none. */
export function Ports({ device, site }: { readonly device: string; readonly site: string }) {
  const { texts, locale } = useApp();
  const nowMs = useNow(60_000);
  const scope = useScope();
  const tags = Object.entries({ device, ...scope(site) }).map(([tag, value]) => [`tag.${tag}`, value]);
  const query = { ...(Object.fromEntries(tags) as Readonly<Record<string, string>>), limit: 500 };
  const ports = useAnswer('/api/v1/latest', { query: { measurement: 'interface', ...query } });
  const neighbours = useAnswer('/api/v1/latest', { query: { measurement: 'lldp_neighbor', ...query } });
  const rows = ports.value?.rows ?? [];
  if (rows.length === 0) return null;
  const remotes = new Map(
    neighbours.value?.rows.map(({ tags, fields }) => [tags['interface'], fields['remote_device']]),
  );
  return (
    <section class="panel">
      <h2>
        {texts.element.interfaces} · {rows.length}
      </h2>
      <div class="table-frame">
        <table aria-label={texts.element.interfaces}>
          <thead>
            <tr>
              <th scope="col">{texts.kinds.interface}</th>
              <th scope="col">{texts.element.state}</th>
              <th scope="col" class="number">
                {texts.port.in}
              </th>
              <th scope="col" class="number">
                {texts.port.out}
              </th>
              <th scope="col">{texts.port.neighbour}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ tags, fields, timeMs }) => {
              const name = tags['interface'] ?? '';
              const isOld = nowMs - timeMs > OLD_AFTER_MS;
              const rate = (field: string): string => {
                const value = fields[field];
                return isOld || typeof value !== 'number' ? '–' : formatQuantity(locale, value, 'bit/s');
              };
              const status = fields['oper_status'];
              return (
                <tr key={name}>
                  <th scope="row">
                    <Link to={{ page: 'port', device, name }}>{name}</Link>{' '}
                    <small class="dim">{tags['alias']}</small>
                  </th>
                  <td>
                    <StateMark state={portState(isOld || typeof status !== 'number' ? undefined : status)} />
                  </td>
                  <td class="number">{rate('in_bps')}</td>
                  <td class="number">{rate('out_bps')}</td>
                  <td>{remotes.get(name) ?? ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

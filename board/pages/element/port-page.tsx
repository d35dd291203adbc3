import type { Answers } from '../../api/answers.ts';
import { StateStrip } from '../../chart/state-strip.tsx';
import { formatQuantity } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useNow } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { useScope } from '../../parts/use-scope.ts';
import { Ref } from '../../parts/where.tsx';
import { Charts } from './charts.tsx';
import { ElementHead, OpenAlerts } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';
import { portState, portStates } from './port-states.ts';
import { chartsOfPort, OPTICS_FIELDS } from './which-charts.ts';

type Fields = Answers['/api/v1/latest']['rows'][number]['fields'];
type Device = Answers['/api/v1/devices']['items'][number];

const DAY_MS = 86_400_000;
/** A port that has not been heard of for so long is not known. */
const OLD_AFTER_MS = 900_000;

/** One port of a device: how it is and was, what it carries, its optics, and what is at its other end. */
export function PortPage({ device: id, name }: { readonly device: string; readonly name: string }) {
  const devices = useAnswer('/api/v1/devices', { query: { id } }, { on: ['state'] });
  return (
    <AnswerView shown={devices}>
      {({ items: [device] }) =>
        device === undefined ? <MissingElement /> : <Port device={device} name={name} />
      }
    </AnswerView>
  );
}

function Port({ device, name }: { readonly device: Device; readonly name: string }) {
  const { texts, locale } = useApp();
  const nowMs = useNow(60_000);
  const scope = useScope();
  const tags = { device: device.id, interface: name, ...scope(device.site) };
  const asked = Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`tag.${tag}`, value]));
  const latest = useAnswer(
    '/api/v1/latest',
    { query: { measurement: 'interface', ...asked } },
    { everyMs: 30_000 },
  );
  const neighbours = useAnswer('/api/v1/latest', { query: { measurement: 'lldp_neighbor', ...asked } });
  const row = latest.value?.rows[0];
  const fields: Fields = row === undefined || nowMs - row.timeMs > OLD_AFTER_MS ? {} : row.fields;
  const speedMbps = numberIn(fields, 'speed_mbps');
  const isMeasured = (field: string): boolean => row?.fields[field] !== undefined;
  const remote = neighbours.value?.rows[0]?.fields;
  return (
    <div class="stack">
      <ElementHead
        kind={texts.kinds.interface}
        name={`${device.name ?? device.id} · ${name}`}
        id={name}
        state={portState(numberIn(fields, 'oper_status'))}
        crumbs={
          <>
            <Ref of={`unit:${device.unit}`} name={device.unitName} />
            <Ref of={`site:${device.site}`} name={device.siteName} />
            <Ref of={`device:${device.id}`} name={device.name} />
          </>
        }
      >
        {numberIn(fields, 'admin_status') === 2 && (
          <>
            <dt>{texts.element.why}</dt>
            <dd>{texts.port.switchedOff}</dd>
          </>
        )}
        {row?.tags['alias'] !== undefined && (
          <>
            <dt>{texts.port.alias}</dt>
            <dd>{row.tags['alias']}</dd>
          </>
        )}
        {speedMbps !== undefined && (
          <>
            <dt>{texts.port.speed}</dt>
            <dd>{formatQuantity(locale, speedMbps * 1e6, 'bit/s')}</dd>
          </>
        )}
        <dt>{texts.port.neighbour}</dt>
        <dd>{remote === undefined ? texts.port.noNeighbour : <Neighbour fields={remote} />}</dd>
        <PortLink device={device.id} name={name} />
      </ElementHead>
      <div class="columns">
        <PortHistory asked={asked} />
        <OpenAlerts query={{ device: device.id }} />
      </div>
      {latest.value !== undefined && <Charts choices={chartsOfPort(isMeasured)} tagsOf={() => tags} />}
      {!OPTICS_FIELDS.some(isMeasured) && latest.value !== undefined && (
        <p class="dim">{texts.port.noOptics}</p>
      )}
    </div>
  );
}

/** Of LLDP: a device by the name that the inventory may know, and its port. */
function Neighbour({ fields }: { readonly fields: Fields }) {
  const { texts } = useApp();
  const [remote, port, address] = ['remote_device', 'remote_interface', 'remote_address'].map(
    (name) => fields[name],
  );
  return (
    <>
      <b>{remote ?? '–'}</b> {port} <span class="dim small">{address}</span>{' '}
      {Number(fields['neighbors_count'] ?? 1) > 1 &&
        texts.port.moreNeighbours(Number(fields['neighbors_count']))}
    </>
  );
}

/** What the inventory says of the port, if it names it. */
function PortLink({ device, name }: { readonly device: string; readonly name: string }) {
  const { texts, locale } = useApp();
  const links = useAnswer('/api/v1/links', { query: { device, limit: 1_000 } }, { on: ['state'] });
  const link = links.value?.items.find(({ ends }) =>
    ends.some((end) => end.device === device && end.interface === name),
  );
  if (link === undefined) return null;
  return (
    <>
      <dt>{texts.kinds.link}</dt>
      <dd>
        <Link to={{ page: 'element', kind: 'link', id: link.id }}>{link.id}</Link> ·{' '}
        {texts.states[link.state]}
        {link.capacityBps !== undefined && ` · ${formatQuantity(locale, link.capacityBps, 'bit/s')}`}
      </dd>
    </>
  );
}

const STEP = '5m';
const STEP_MS = 300_000;

/** By what the device said of the port in each five minutes; nothing where it said nothing. */
function PortHistory({ asked }: { readonly asked: Readonly<Record<string, string>> }) {
  const { texts, time } = useApp();
  const status = useAnswer(
    '/api/v1/series',
    {
      query: {
        ...{ measurement: 'interface', field: 'oper_status', aggregate: 'max' },
        ...{ every: STEP, from: '-24h', ...asked },
      },
    },
    { everyMs: STEP_MS },
  );
  const nowMs = time.now();
  return (
    <section class="panel">
      <h2>{texts.element.history}</h2>
      <AnswerView shown={status}>
        {({ series, everyMs }) => (
          <StateStrip
            label={texts.element.history}
            intervals={portStates(series[0]?.points ?? [], everyMs ?? STEP_MS)}
            fromMs={nowMs - DAY_MS}
            toMs={nowMs}
          />
        )}
      </AnswerView>
    </section>
  );
}

function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { useScope } from '../../parts/use-scope.ts';
import { Ref } from '../../parts/where.tsx';
import { Charts } from './charts.tsx';
import { BlastRadius, ElementHead, ElementList, History, OpenAlerts } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';
import { Ports } from './ports.tsx';
import { CHARTS_OF_ANY, CHARTS_OF_DEVICE, tagOf } from './which-charts.ts';

/** A server, network node, modem, UPS or whatever else is watched. */
export function DevicePage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const scope = useScope();
  const devices = useAnswer('/api/v1/devices', { query: { id } }, { on: ['state'] });
  const links = useAnswer('/api/v1/links', { query: { device: id, limit: 1_000 } }, { on: ['state'] });
  const behind = useAnswer(
    '/api/v1/devices',
    { query: { parent: id, order: 'state', limit: 200 } },
    { on: ['state'] },
  );
  return (
    <AnswerView shown={devices}>
      {({ items: [device] }) => {
        if (device === undefined) return <MissingElement />;
        return (
          <div class="stack">
            <ElementHead
              {...device}
              name={device.name ?? id}
              kind={texts.elementKinds[device.kind] ?? device.kind}
              crumbs={
                <>
                  <Ref of={`unit:${device.unit}`} name={device.unitName} />
                  <Ref of={`site:${device.site}`} name={device.siteName} />
                </>
              }
            >
              <dt>{texts.kinds.agent}</dt>
              <dd>{device.agent}</dd>
              {device.parents !== undefined && (
                <>
                  <dt>{texts.element.parents}</dt>
                  <dd>
                    {device.parents.map((parent) => (
                      <span key={parent}>
                        <Ref of={`device:${parent}`} />{' '}
                      </span>
                    ))}
                  </dd>
                </>
              )}
            </ElementHead>
            <div class="columns">
              <div class="stack">
                <OpenAlerts query={{ device: id }} />
                <History of="device" id={id} />
              </div>
              <div class="stack">
                <AnswerView shown={links}>
                  {(answer) => (
                    <ElementList title={texts.element.neighbours} kind="link" items={answer.items} />
                  )}
                </AnswerView>
                <AnswerView shown={behind}>
                  {(answer) => (
                    <ElementList
                      title={texts.element.children}
                      kind="device"
                      items={answer.items.map((each) => ({ ...each, name: each.name ?? each.id }))}
                    />
                  )}
                </AnswerView>
                <BlastRadius of={`device:${id}`} />
              </div>
            </div>
            <Ports device={id} site={device.site} />
            <Charts
              choices={CHARTS_OF_DEVICE[device.kind] ?? CHARTS_OF_ANY}
              tagsOf={(choice) => ({ [tagOf(choice, device.kind)]: id, ...scope(device.site) })}
            />
          </div>
        );
      }}
    </AnswerView>
  );
}

import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { Ref } from '../../parts/where.tsx';
import { BlastRadius, ElementHead, ElementList, History, OpenAlerts } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';

export function SitePage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const sites = useAnswer('/api/v1/sites', { query: { id } }, { on: ['state'] });
  const devices = useAnswer(
    '/api/v1/devices',
    { query: { site: id, order: 'state', limit: 1_000 } },
    { on: ['state'] },
  );
  const links = useAnswer(
    '/api/v1/links',
    { query: { site: id, order: 'state', limit: 1_000 } },
    { on: ['state'] },
  );
  return (
    <AnswerView shown={sites}>
      {({ items: [site] }) => {
        if (site === undefined) return <MissingElement />;
        return (
          <div class="stack">
            <ElementHead
              {...site}
              kind={texts.elementKinds[site.kind] ?? site.kind}
              crumbs={<Ref of={`unit:${site.unit}`} name={site.unitName} />}
            >
              {site.parents !== undefined && (
                <>
                  <dt>{texts.element.parents}</dt>
                  <dd>
                    {site.parents.map((parent) => (
                      <span key={parent}>
                        <Ref of={`site:${parent}`} />{' '}
                      </span>
                    ))}
                  </dd>
                </>
              )}
              {site.agency !== undefined && (
                <>
                  <dt>{texts.element.agency}</dt>
                  <dd>{site.agency}</dd>
                </>
              )}
            </ElementHead>
            <div class="columns">
              <div class="stack">
                <OpenAlerts query={{ site: id }} />
                <AnswerView shown={devices}>
                  {(answer) => (
                    <ElementList
                      title={texts.element.devices}
                      kind="device"
                      items={answer.items.map((each) => ({ ...each, name: each.name ?? each.id }))}
                    />
                  )}
                </AnswerView>
                <AnswerView shown={links}>
                  {(answer) => <ElementList title={texts.element.links} kind="link" items={answer.items} />}
                </AnswerView>
              </div>
              <div class="stack">
                <History of="site" id={id} />
                <BlastRadius of={`site:${id}`} />
              </div>
            </div>
          </div>
        );
      }}
    </AnswerView>
  );
}

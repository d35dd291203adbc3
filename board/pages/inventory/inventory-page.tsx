import { mayDo } from '../../api/session.ts';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { BrowseList } from './browse-list.tsx';
import { ImportPanel } from './import-panel.tsx';
import { UnexpectedList } from './unexpected-list.tsx';
import { WiringList } from './wiring-list.tsx';

const TABS = ['entries', 'import', 'wiring', 'unexpected'] as const;

/** What should exist: its lists, changes of many at once, and what the city says that the lists lack. */
export function InventoryPage() {
  const { texts, router, session } = useApp();
  usePageTitle(texts.inventory.title);
  const { filters } = useWatched(router.place);
  const mayWrite = mayDo(useWatched(session.state), 'engineer');
  const schema = useAnswer('/api/v1/inventory/schema', {}, { everyMs: 3_600_000 });
  const file = schema.value?.file;
  const tab = TABS.find((each) => each === filters['tab']) ?? 'entries';
  const isOurs = mayWrite && file === undefined;
  return (
    <section class="panel">
      <h1>{texts.inventory.title}</h1>
      {file !== undefined && <p class="note">{texts.inventory.inFile(file)}</p>}
      <div class="filters">
        <div class="segments" role="group" aria-label={texts.inventory.parts}>
          {TABS.filter((each) => each !== 'import' || isOurs).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === tab}
              onClick={() => router.filter({ tab: each === 'entries' ? '' : each })}
            >
              {texts.inventory.tabs[each]}
            </button>
          ))}
        </div>
        <a class="button" href="/api/v1/inventory/export" download="inventory.yaml">
          {texts.inventory.export}
        </a>
      </div>
      {tab === 'entries' && <BrowseList mayWrite={isOurs} />}
      {tab === 'import' && (isOurs ? <ImportPanel /> : <p class="dim">{texts.inventory.noRight}</p>)}
      {tab === 'wiring' && <WiringList mayAdopt={isOurs} />}
      {tab === 'unexpected' && <UnexpectedList mayAdopt={isOurs} />}
    </section>
  );
}

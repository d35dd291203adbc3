import { useState } from 'preact/hooks';
import type { Answers } from './api/answers.ts';
import { AnswerView } from './parts/answer-view.tsx';
import { useApp } from './parts/app-context.ts';
import { Dialog } from './parts/dialog.tsx';
import { Link } from './parts/link.tsx';
import { useAnswer } from './parts/use-answer.ts';
import { routeOfRef, type Route } from './route/route.ts';

type Hit = Answers['/api/v1/search']['hits'][number];

/** Finds by name or id, without diacritics; arrows choose, Enter opens. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { texts } = useApp();
  const [text, setText] = useState('');
  return (
    <Dialog title={texts.search.title} onClose={onClose} class="search">
      <input
        type="search"
        value={text}
        autofocus
        maxLength={100}
        aria-label={texts.search.title}
        placeholder={texts.search.placeholder}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => moveFocus(event, event.currentTarget.parentElement)}
      />
      {text.trim() !== '' && <Hits text={text.trim()} onClose={onClose} />}
    </Dialog>
  );
}

function Hits({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const { texts } = useApp();
  const found = useAnswer('/api/v1/search', { query: { q: text, limit: 20 } });
  return (
    <AnswerView shown={found}>
      {({ hits, total }) => (
        <>
          <p class="dim" role="status">
            {hits.length === 0 ? texts.search.none : texts.search.results(total)}
          </p>
          <ul
            class="hits"
            onKeyDown={(event) => moveFocus(event, event.currentTarget.parentElement)}
            onClick={onClose}
          >
            {hits.map((hit) => (
              <li key={`${hit.kind} ${hit.id}`}>
                <HitLink hit={hit} />
              </li>
            ))}
          </ul>
        </>
      )}
    </AnswerView>
  );
}

function HitLink({ hit }: { readonly hit: Hit }) {
  const { texts } = useApp();
  const target = targetOf(hit);
  const kind = hit.kind === 'former-unit' ? texts.kinds.unit : texts.kinds[hit.kind];
  const words = (
    <>
      <b>{hit.name}</b> <small>{kind}</small> <code>{hit.id}</code>
    </>
  );
  return target === undefined ? <span>{words}</span> : <Link {...target}>{words}</Link>;
}

interface Target {
  readonly to: Route;
  readonly filters?: Readonly<Record<string, string>>;
}

/** A former unit leads to the one that has its land now; an agent to the list of agents. Pure. */
function targetOf({ kind, id, todaysUnits }: Hit): Target | undefined {
  if (kind === 'agent') return { to: { page: 'fleet' }, filters: { q: id } };
  // Of a port its device, of a pool's resource the pool.
  const [whole = ''] = id.split('/');
  const kinds = { 'former-unit': `unit:${todaysUnits?.[0] ?? ''}`, interface: `device:${whole}` };
  const to = routeOfRef(kind === 'former-unit' || kind === 'interface' ? kinds[kind] : `${kind}:${whole}`);
  return to === undefined ? undefined : { to };
}

/** From the field into the list and along it. */
function moveFocus(event: KeyboardEvent, within: HTMLElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'Enter') return;
  const links = [...(within?.querySelectorAll<HTMLElement>('.hits a') ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (event.key === 'Enter') {
    if (at === -1) links[0]?.click();
    return;
  }
  event.preventDefault();
  if (event.key === 'ArrowUp' && at === 0) within?.querySelector('input')?.focus();
  else links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

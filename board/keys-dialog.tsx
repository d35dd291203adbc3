import type { Texts } from './language/vi.ts';
import { useApp } from './parts/app-context.ts';
import { Dialog } from './parts/dialog.tsx';

/** What the keys do; each stands where it is bound. */
const KEYS: readonly (readonly [keys: string, what: Exclude<keyof Texts['keys'], 'title' | 'then'>])[] = [
  ['Ctrl K', 'search'],
  ['?', 'help'],
  ['g c', 'goCity'],
  ['g i', 'goIncidents'],
  ['g p', 'goCoverage'],
  ['g d', 'goCapacity'],
  ['g a', 'goFleet'],
  ['g n', 'goInventory'],
  ['g r', 'goRules'],
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['x', 'select'],
  ['a', 'acknowledge'],
  ['c', 'comment'],
  ['m', 'assign'],
  ['p', 'hold'],
  ['← →', 'turn'],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { texts } = useApp();
  return (
    <Dialog title={texts.keys.title} onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{texts.keys[what]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

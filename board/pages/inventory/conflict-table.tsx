import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../../parts/app-context.ts';
import { conflictsOf } from './conflict.ts';
import { writtenOf, type Entry } from './form-fields.ts';

interface ConflictTableProps {
  readonly before: Entry;
  readonly mine: Entry;
  readonly theirs: Entry;
  readonly onTakeTheirs: () => void;
  readonly onJoin: () => void;
}

/** Somebody else changed the entry meanwhile: both values, and nothing is written until this person has chosen. */
export function ConflictTable({ before, mine, theirs, onTakeTheirs, onJoin }: ConflictTableProps) {
  const { texts } = useApp();
  const conflicts = conflictsOf(before, mine, theirs);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={element} class="problem" role="alert">
      <b>{texts.inventory.conflict}</b>
      <div class="table-frame">
        <table aria-label={texts.inventory.conflict}>
          <thead>
            <tr>
              <th scope="col">{texts.inventory.field}</th>
              <th scope="col">{texts.inventory.before}</th>
              <th scope="col">{texts.inventory.mine}</th>
              <th scope="col">{texts.inventory.theirs}</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map((each) => (
              <tr key={each.field}>
                <th scope="row">
                  <code>{each.field}</code> {each.isBoth && '⚠'}
                </th>
                <td>{writtenOf(each.before)}</td>
                <td>{writtenOf(each.mine)}</td>
                <td>{writtenOf(each.theirs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="actions">
        <button type="button" onClick={onJoin}>
          {texts.inventory.join}
        </button>
        <button type="button" onClick={onTakeTheirs}>
          {texts.inventory.takeTheirs}
        </button>
      </div>
    </div>
  );
}

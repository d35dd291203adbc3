import { rangeUtil } from '@grafana/data';
import { Icon, useTheme2 } from '@grafana/ui';
import { ALL, type Chosen } from '../../../tests/grafana/expand.ts';
import type { Answers } from './answers.ts';
import type { Board } from './boards.ts';

const HIDDEN = 2;

/** Stands in for Grafana's bar above a dashboard: its name, what is chosen, the time. */
export function Header({ board, answers }: { readonly board: Board; readonly answers: Answers }) {
  const theme = useTheme2();
  const box = {
    ...{ display: 'flex', alignItems: 'center', gap: 8, height: 32, padding: '0 10px', borderRadius: 2 },
    ...{ border: `1px solid ${theme.colors.border.medium}`, background: theme.components.input.background },
  };
  return (
    <div
      style={{
        ...{ display: 'flex', alignItems: 'center', gap: 16, height: 56, padding: '0 16px' },
        ...{ color: theme.colors.text.primary, ...theme.typography.body },
      }}
    >
      <span style={{ fontSize: 18, fontWeight: 500 }}>{board.title}</span>
      <span style={{ color: theme.colors.text.secondary, flex: 1 }}>{board.description}</span>
      {board.templating.list
        .filter(({ hide }) => hide !== HIDDEN)
        .map(({ name, label }) => (
          <span key={name} style={box}>
            <span style={{ color: theme.colors.text.secondary }}>{label}</span>
            {chosenText(answers.chosen[name])}
            <Icon name="angle-down" />
          </span>
        ))}
      {board.links.map(({ title }) => (
        <span key={title} style={box}>
          <Icon name="bars" />
          {title}
        </span>
      ))}
      <span style={box}>
        <Icon name="clock-nine" />
        {rangeUtil.describeTimeRange({ from: board.time.from, to: 'now' })}
      </span>
      <span style={box}>
        <Icon name="sync" />
        {board.refresh}
      </span>
    </div>
  );
}

function chosenText(value: Chosen[string] | undefined): string {
  if (value === undefined || value === ALL) return 'All';
  return typeof value === 'string' ? value : value.join(' + ');
}

import { useTheme2 } from '@grafana/ui';
import type { BoardPanel } from '../boards.ts';

export function NoData({ panel }: { readonly panel: BoardPanel }) {
  const theme = useTheme2();
  const { noValue } = panel.fieldConfig.defaults as { readonly noValue?: string };
  return (
    <div
      style={{ display: 'grid', placeItems: 'center', height: '100%', color: theme.colors.text.secondary }}
    >
      {noValue ?? 'No data'}
    </div>
  );
}

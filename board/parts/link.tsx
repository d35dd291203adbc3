import type { ComponentChildren } from 'preact';
import { addressOf, type Filters } from '../route/router.ts';
import type { Route } from '../route/route.ts';
import { useApp } from './app-context.ts';

interface LinkProps {
  readonly to: Route;
  readonly filters?: Filters;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** A real link: it can be opened in another tab and sent to a colleague. */
export function Link({ to, filters = {}, current = false, label, children, ...props }: LinkProps) {
  const { router } = useApp();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.go(to, filters);
  };
  return (
    <a
      href={addressOf(to, filters)}
      class={props.class}
      aria-current={current ? 'page' : undefined}
      aria-label={label}
      onClick={follow}
    >
      {children}
    </a>
  );
}

import { useEffect } from 'preact/hooks';

/** What the browser's tab says. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Wardwatch`;
  }, [title]);
}

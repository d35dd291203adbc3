import { sayReasons, type Reason } from '../../contract/reasons/reason-codes.ts';
import { vietnameseReasons } from '../language/vi-reasons.ts';
import { useApp } from './app-context.ts';

interface WhyProps {
  /** Central's own words, which are English. */
  readonly words: string;
  readonly reasons: readonly Reason[];
}

/** Why, in the reader's language; of what the board does not know central's words. */
export function Why({ words, reasons }: WhyProps) {
  const { locale } = useApp();
  const said =
    locale.language === 'vi' && reasons.length > 0
      ? sayReasons(reasons, vietnameseReasons(locale))
      : undefined;
  return said === undefined ? <span lang="en">{words}</span> : <span>{said}</span>;
}

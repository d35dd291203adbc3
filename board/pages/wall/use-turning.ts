import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../../parts/app-context.ts';
import { useKeys } from '../../parts/keys.ts';

const TURN_MS = 12_000;

export interface Turning {
  /** The page that is shown, below their number. */
  readonly at: number;
  readonly isPaused: boolean;
  readonly pause: () => void;
}

/** Turns pages by itself; `p` holds them, the arrows turn them by hand. */
export function useTurning(pages: number): Turning {
  const { time } = useApp();
  const [turns, setTurns] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const at = turns % Math.max(1, pages);
  const pause = (): void => setPaused(!isPaused);
  const turn = (by: number): void => setTurns((at + by + Math.max(1, pages)) % Math.max(1, pages));
  useEffect(
    () => (isPaused ? undefined : time.after(TURN_MS, () => setTurns(turns + 1))),
    [time, turns, isPaused],
  );
  useKeys({ p: pause, ArrowRight: () => turn(1), ArrowLeft: () => turn(-1) });
  return { at, isPaused, pause };
}

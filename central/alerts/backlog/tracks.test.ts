import { expect, it } from 'vitest';
import { Tracks, type TracksDeps } from './tracks.ts';

/** Tracks of which live judging has forgotten one pending breach of each agent, with the time of its last sample. */
function tracksAfter(forgotten: Readonly<Record<string, number>>): Tracks {
  let onForgotten: ((runtime: unknown, live: unknown) => void) | undefined;
  const live = {
    listen: (listener: { onForgotten: typeof onForgotten }) => (onForgotten = listener.onForgotten),
  };
  const tracks = new Tracks({ live } as unknown as TracksDeps);
  const runtime = { rule: { id: 'a' }, evaluator: { reads: 'rows' } };
  for (const [agent, lastSampleMs] of Object.entries(forgotten))
    onForgotten?.(runtime, { agent, key: 'h', lastSampleMs });
  return tracks;
}

it('keeps pending breaches of agents that are never cut off only until they are old', () => {
  const tracks = tracksAfter({ 'gw-1': 1_000, 'gw-2': 2_000 });
  expect(tracks.forgottenCount).toBe(2);
  tracks.dropForgotten(1_500);
  expect(tracks.forgottenCount).toBe(1);
});

it('keeps none of an agent that is retired', () => {
  const tracks = tracksAfter({ 'gw-1': 1_000, 'gw-2': 2_000 });
  tracks.forget('gw-2');
  expect(tracks.forgottenCount).toBe(1);
});

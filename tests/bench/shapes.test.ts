import { expect, it } from 'vitest';
import { cityAgents, cityShape, REFERENCE_SCALE, valuesIn, type AgentSamples } from './shapes.ts';

const NOW_MS = 1_790_000_000_000;
const city = cityShape(NOW_MS);

function totalsOf(shape: readonly AgentSamples[]) {
  const series = new Set(
    shape.flatMap(({ agent, samples }) =>
      samples.map(({ measurement, tags }) => JSON.stringify([agent, measurement, tags])),
    ),
  );
  const values = shape.reduce((sum, { samples }) => sum + valuesIn(samples), 0);
  return { agents: new Set(shape.map(({ agent }) => agent)).size, series: series.size, values };
}

it.each([
  { agents: 2, devicesPerAgent: 1 },
  { agents: 1, devicesPerAgent: 2 },
  { agents: 2, devicesPerAgent: 3 },
])(
  'grows by $agents × the agents and $devicesPerAgent × their devices, each a series of its own',
  (scale) => {
    const [once, grown] = [totalsOf(city), totalsOf(cityShape(NOW_MS, scale))];
    const factor = scale.agents * scale.devicesPerAgent;

    expect(grown).toEqual({
      agents: once.agents * scale.agents,
      series: once.series * factor,
      values: once.values * factor,
    });
  },
);

it('keeps the names of the reference city for the first copy, and names the agents that send', () => {
  const scale = { agents: 2, devicesPerAgent: 1 };
  const grown = cityShape(NOW_MS, scale);

  expect(grown.slice(0, city.length)).toEqual(city);
  expect(cityShape(NOW_MS, REFERENCE_SCALE)).toEqual(city);
  expect(grown.map(({ agent }) => agent)).toEqual(cityAgents(scale));
});

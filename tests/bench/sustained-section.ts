import { bareInfluxPointsPerS } from './bare-influx.ts';
import { runPipeline } from './pipeline.ts';
import { ratioOf, rounded, type Section } from './section.ts';

const MIN_OF_CEILING = 0.5;

/** Forty agents that send as fast as acknowledgements allow, beside the bare store. */
export const sustainedSection: Section = {
  name: 'sustained',
  title: 'Most it sustains, beside the ceiling',
  run: async ({ dist, seconds }) => {
    const before = await bareInfluxPointsPerS(seconds / 2);
    const flood = await runPipeline({ dist, broker: 'embedded', store: 'influx', shape: 'flood', seconds });
    const after = await bareInfluxPointsPerS(seconds / 2);
    const ceiling = (before.valuesPerS + after.valuesPerS) / 2;
    return {
      head: ['what', 'values/s', 'ratio'],
      rows: [
        ['bare line protocol, one process, the same InfluxDB (before and after)', rounded(ceiling), '1'],
        ['whole pipeline, embedded broker', rounded(flood.valuesPerS), ratioOf(flood.valuesPerS, ceiling)],
      ],
      bars: [
        {
          name: 'most it sustains',
          bar: '≥ 50 % of the ceiling',
          measured: `${((flood.valuesPerS / ceiling) * 100).toFixed(0)} %`,
          met: flood.valuesPerS >= MIN_OF_CEILING * ceiling,
        },
      ],
      raw: { before, flood, after },
    };
  },
};

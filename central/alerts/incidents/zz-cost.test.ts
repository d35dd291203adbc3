import { expect, it } from 'vitest';
import { allWell, hubCity } from '../../health/states/testing/states-city.ts';
import { IncidentCity } from './testing/incident-city.ts';
it('cost of 800 sites lost at once', async () => {
  const city = new IncidentCity(hubCity(40, 40));
  allWell(city);
  await city.wait(120);
  let ms = 0, largest = 0, ticks = 0;
  const { incidents } = city;
  const tick = incidents.tick.bind(incidents);
  incidents.tick = () => { const s = performance.now(); tick(); const d = performance.now() - s; ms += d; ticks++; largest = Math.max(largest, d); };
  let sm = 0;
  const st = city.states.tick.bind(city.states);
  city.states.tick = () => { const s = performance.now(); st(); sm += performance.now() - s; };
  for (const agent of [...city.routine.keys()]) { const hub = Number(agent.split('-')[2]); if (hub <= 20) city.routine.delete(agent); }
  await city.wait(120);
  const { told, suppressed } = city.heard;
  console.log(JSON.stringify({ ticks, incidentsMs: Math.round(ms), largestTickMs: Math.round(largest), statesMs: Math.round(sm), told: told.length, suppressed: suppressed.length, open: city.incidents.stats().open }));
  expect(told.length).toBe(20);
}, 300_000);

import type { InventoryFile, Service } from '../../contract/inventory.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import { heatMeter, type HotServer } from './hot-server.ts';

/** Of each month 43 minutes. */
const TARGET_PERCENT = 99.9;
/** Its cameras and signals hang on the lines of these hubs, and it has no other way. */
const TRAFFIC_HUBS = 6;

/** The simulated city with what the day adds to it: targets of services, one that stands on single lines, and the heat of servers. Pure. */
export function rehearsedCity(city: CityModel, hot: readonly HotServer[]): CityModel {
  const { agents } = city.inventory;
  const heat = new Map(
    agents
      .filter(({ kind }) => kind === 'server')
      .map(({ id, site, unit }) => [id, heatMeter({ host: id, site, unit }, hot)]),
  );
  return {
    inventory: rehearsedInventory(city.inventory),
    conditionAt: (agent, timeMs) => city.conditionAt(agent, timeMs),
    faultsBetween: (fromMs, toMs) => city.faultsBetween(fromMs, toMs),
    samplesAt: (agent, timeMs) => {
      const samples = city.samplesAt(agent, timeMs);
      const measureHeat = heat.get(agent);
      if (samples === undefined || measureHeat === undefined) return samples;
      return [...samples, measureHeat(samples, timeMs)];
    },
  };
}

/** With the service `traffic`, and a target for each. Pure. */
export function rehearsedInventory(inventory: InventoryFile): InventoryFile {
  const { services, sites } = inventory;
  const hubs = sites.filter(({ kind }) => kind === 'hub').slice(0, TRAFFIC_HUBS);
  const traffic: Service = {
    id: 'traffic',
    name: 'Điều hành giao thông',
    agency: 'ttcds',
    needs: hubs.map(({ id }) => `link:up-${id}`),
  };
  const targeted = [...services, traffic].map((service): Service => ({
    ...service,
    availabilityTargetPercent: TARGET_PERCENT,
  }));
  return { ...inventory, services: targeted };
}

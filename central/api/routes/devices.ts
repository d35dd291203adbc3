import { z } from 'zod';
import { DEVICE_KINDS, INVENTORY_ID_PATTERN, type Device } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { deviceView, deviceViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import {
  unexpectedDeviceSchema,
  type UnexpectedDevice,
  type UnexpectedDevices,
} from '../../live/unexpected-devices.ts';
import type { App } from '../fastify-app.ts';
import { inMaintenanceShape, withMaintenance, type InMaintenanceDeps } from '../in-maintenance.ts';
import { isInOneOf } from '../kinds-parameter.ts';
import { assertOwn } from '../limits/limit-callers.ts';
import { elementPage, elementParameters, GRAVEST_FIRST } from '../lists/element-list.ts';
import { idsParameter } from '../lists/ids-parameter.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';

export interface DeviceRouteDeps extends InMaintenanceDeps {
  readonly inventory: Pick<Inventory, 'devices'> & PlaceNameDeps['inventory'];
  readonly states: Pick<CityStates, 'get' | 'momentOf'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

/** A device may have any name, and a cursor is a key of ours only. */
const UNEXPECTED_KEY: ListKey<UnexpectedDevice> = {
  of: ({ device }) => `device ${device}`,
  pattern: /^device \P{Cc}{1,128}$/u,
};
const KEY: ListKey<Device> = { of: (device) => device.id, pattern: INVENTORY_ID_PATTERN };

export function deviceRoutes(app: App, deps: DeviceRouteDeps): void {
  const inOrder = orderOfIds<Device>();
  const texts = new SearchedTexts<Device>(({ id, name }) => [id, name]);
  app.get(
    '/devices',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary: 'Devices of the inventory and their state',
        querystring: z.object({
          ...pageQuery(),
          id: idsParameter('n-26737-01'),
          unit: z.string().optional().describe('code of a ward, commune or special zone'),
          site: z.string().optional().describe('id of a site'),
          kind: z.enum(DEVICE_KINDS).optional().describe('kind of the device'),
          agency: z
            .string()
            .optional()
            .describe('only what this agency owns: a device says whose it is, else its site does'),
          agent: z.string().optional().describe('only what this agent measures, alone or with others'),
          parent: z.string().optional().describe('only those that this device is a parent of'),
          ...elementParameters(GRAVEST_FIRST, {
            searched: 'id and name',
            leavesOut: ', which leaves out what is not in service',
          }),
        }),
        response: { 200: pageOf(deviceViewSchema.extend(placeNameShape).extend(inMaintenanceShape)) },
      },
    },
    (request) => {
      const { query, reach } = request;
      const { states, clock, inventory } = deps;
      const { id: ids, unit, site: siteId, kind, agency, agent, parent, q } = query;
      assertOwn(
        request,
        [...(ids ?? [])].map((id) => ['device', id] as const),
      );
      const devices = texts
        .filter(inOrder(inventory.devices), q)
        .filter(
          (device) =>
            reach?.has('device', device.id) !== false &&
            isInOneOf(ids, device.id) &&
            (unit === undefined || device.unit === unit) &&
            (siteId === undefined || device.site === siteId) &&
            (kind === undefined || device.kind === kind) &&
            (agency === undefined ||
              (device.agency ?? inventory.sites.get(device.site)?.agency) === agency) &&
            (agent === undefined || device.agent === agent || device.otherAgents?.includes(agent) === true) &&
            (parent === undefined || device.parents?.includes(parent) === true),
        );
      const list = {
        ...{ key: KEY, states: GRAVEST_FIRST },
        momentOf: ({ id }: Device) => states.momentOf(`device:${id}`),
      };
      const page = elementPage(devices, list, query, deps);
      const nowMs = clock.now();
      const viewOf = (device: Device) => {
        const { id, site, unit } = device;
        const view = { ...deviceView(device, states, nowMs), ...placeNames(deps, device) };
        return withMaintenance(deps, view, { device: id, site, unit }, nowMs);
      };
      return { ...page, items: page.items.map(viewOf) };
    },
  );
  app.get(
    '/devices/unexpected',
    {
      schema: {
        tags: ['City'],
        summary: 'Devices that report although the inventory lacks them: stored, but they raise no alert',
        querystring: z.object({ ...pageQuery(), agent: z.string().optional() }),
        response: { 200: pageOf(unexpectedDeviceSchema) },
      },
    },
    ({ query }) => {
      const devices = deps.unexpectedDevices
        .list()
        .filter(({ agents }) => query.agent === undefined || agents.includes(query.agent));
      return pageOfSorted([...devices], UNEXPECTED_KEY, query);
    },
  );
}

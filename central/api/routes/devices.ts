import { z } from 'zod';
import { DEVICE_KINDS, INVENTORY_ID_PATTERN, type Device } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { deviceView, deviceViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import { STATES } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import {
  unexpectedDeviceSchema,
  type UnexpectedDevice,
  type UnexpectedDevices,
} from '../../live/unexpected-devices.ts';
import type { App } from '../fastify-app.ts';
import { inMaintenanceShape, withMaintenance, type InMaintenanceDeps } from '../in-maintenance.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';

export interface DeviceRouteDeps extends InMaintenanceDeps {
  readonly inventory: Pick<Inventory, 'devices'> & PlaceNameDeps['inventory'];
  readonly states: Pick<CityStates, 'get' | 'momentOf'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A device may have any name, and a cursor is a key of ours only. */
const UNEXPECTED_KEY: ListKey<UnexpectedDevice> = {
  of: ({ device }) => `device ${device}`,
  pattern: /^device \P{Cc}{1,128}$/u,
};
const KEY: ListKey<Device> = { of: (device) => device.id, pattern: INVENTORY_ID_PATTERN };

export function deviceRoutes(app: App, deps: DeviceRouteDeps): void {
  const inOrder = orderOfIds<Device>();
  app.get(
    '/devices',
    {
      schema: {
        tags: ['City'],
        summary: 'Devices of the inventory and their state',
        querystring: z.object({
          ...pageQuery(),
          unit: z.string().optional().describe('code of a ward, commune or special zone'),
          site: z.string().optional().describe('id of a site'),
          kind: z.enum(DEVICE_KINDS).optional().describe('kind of the device'),
          state: kindsParameter(
            STATES,
            'only those in one of these states, which leaves out what is not in service',
          ),
        }),
        response: { 200: pageOf(deviceViewSchema.extend(placeNameShape).extend(inMaintenanceShape)) },
      },
    },
    ({ query }) => {
      const { states, clock, inventory } = deps;
      const devices = inOrder(inventory.devices).filter(
        (device) =>
          (query.unit === undefined || device.unit === query.unit) &&
          (query.site === undefined || device.site === query.site) &&
          (query.kind === undefined || device.kind === query.kind) &&
          (query.state === undefined ||
            isInOneOf(query.state, states.momentOf(`device:${device.id}`)?.state)),
      );
      const page = pageOfSorted(devices, KEY, query);
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

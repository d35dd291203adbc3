import { variable } from '../panel/variable.ts';
import { tag } from '../query/condition.ts';

/** What readers choose by, shared by dashboards. */
export const UNIT = variable('unit', {
  label: { en: 'Unit', vi: 'Đơn vị' },
  of: 'unit_state',
});

/** For pages of the whole city that can be narrowed. */
export const UNITS = variable('unit', {
  label: { en: 'Unit', vi: 'Đơn vị' },
  of: 'unit_state',
  several: true,
});

export const DEVICE = variable('device', {
  label: { en: 'Device', vi: 'Thiết bị' },
  of: 'device',
});

export const PORTS = variable('interface', {
  label: { en: 'Ports', vi: 'Cổng' },
  of: 'interface',
  where: [tag('device').isIn(DEVICE)],
  several: true,
});

export const HOST = variable('host', {
  label: { en: 'Server', vi: 'Máy chủ' },
  of: 'system',
});

export const POOLS = variable('pool', {
  label: { en: 'Pools', vi: 'Cụm tài nguyên' },
  of: 'pool_state',
  several: true,
});

export const RESOURCES = variable('resource', {
  label: { en: 'Resource', vi: 'Tài nguyên' },
  of: 'pool_state',
  where: [tag('pool').isIn(POOLS)],
  several: true,
});

export const OPERATORS = variable('operator', {
  label: { en: 'Operator', vi: 'Nhà mạng' },
  of: 'coverage',
  several: true,
});

export const RATS = variable('rat', {
  label: { en: 'Technology', vi: 'Công nghệ' },
  of: 'coverage',
  several: true,
});

export const AGENTS = variable('agent', {
  label: { en: 'Agent', vi: 'Tác tử' },
  of: 'agent',
  several: true,
});

export const SERVICES = variable('service', {
  label: { en: 'Services', vi: 'Dịch vụ' },
  of: 'service',
  several: true,
});

export const SEVERITY = variable('severity', {
  label: { en: 'Severity', vi: 'Mức độ' },
  of: 'alert_active',
  several: true,
});

export const LINKS = variable('id', {
  label: { en: 'Lines', vi: 'Đường nối' },
  of: 'link_state',
  where: [tag('unit').isIn(UNITS)],
  several: true,
});

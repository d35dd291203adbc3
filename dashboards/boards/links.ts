import { link, type Link } from '../panel/link.ts';

/** Where numbers lead to, by what they are about. */
export const TO_ALERTS = link('alerts', { en: 'Alerts', vi: 'Cảnh báo' });
export const TO_UNIT = link('city-unit', { en: 'Unit', vi: 'Đơn vị' }, { unit: { row: 'unit' } });
export const TO_SERVICES = link('city-services', { en: 'Services', vi: 'Dịch vụ' });
export const TO_TOPOLOGY = link('net-topology', { en: 'Network', vi: 'Mạng' });
export const TO_COVERAGE = link('net-coverage', { en: 'Coverage', vi: 'Vùng phủ' });
export const TO_POOLS = link('dc-pools', { en: 'Pools', vi: 'Cụm tài nguyên' });
export const TO_PIPELINE = link('platform-pipeline', { en: 'Pipeline', vi: 'Đường dữ liệu' });
export const TO_AGENTS = link('platform-agents', { en: 'Agents', vi: 'Tác tử' });
export const TO_CITY = link('city-overview', { en: 'City', vi: 'Thành phố' });

/** To the page of a device, from a row or a series that has it. */
export function toNode(from: 'row' | 'label', unit?: 'row' | 'label' | 'chosen'): Link {
  return link(
    'net-node',
    { en: 'Device', vi: 'Thiết bị' },
    {
      device: from === 'row' ? { row: 'device' } : { label: 'device' },
      ...(unit !== undefined && { unit: valueFrom(unit, 'unit') }),
    },
  );
}

export function toServer(from: 'row' | 'label'): Link {
  return link('dc-server', { en: 'Server', vi: 'Máy chủ' }, { host: valueFrom(from, 'host') });
}

export function toAgent(from: 'row' | 'label'): Link {
  return link('platform-agents', { en: 'Agent', vi: 'Tác tử' }, { agent: valueFrom(from, 'agent') });
}

function valueFrom(from: 'row' | 'label' | 'chosen', name: string): Link['values'][string] {
  if (from === 'chosen') return { chosen: name };
  return from === 'row' ? { row: name } : { label: name };
}

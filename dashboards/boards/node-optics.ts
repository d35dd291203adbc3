import { link } from '../panel/link.ts';
import type { Panel } from '../panel/panel.ts';
import { max, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { text, trend } from './shape.ts';
import { DEVICE, PORTS } from './variables.ts';

const HERE = tag('device').isIn(DEVICE);
const PORT = tag('interface').isIn(PORTS);
const TO_PORT_OF_SERIES = link('net-node', text('Only this port', 'Chỉ cổng này'), {
  device: { chosen: 'device' },
  interface: { label: 'interface' },
});

/** Light and warmth of the transceivers of a device. */
export const NODE_OPTICS: readonly Panel[] = [
  trend({
    title: text('Light received', 'Công suất quang thu'),
    about: text(
      'A slow fall is a dirty or bent fibre; a step is a new splice or a cut.',
      'Giảm chậm: đầu nối bẩn hoặc cáp cong; giảm bậc: mối hàn mới hoặc đứt.',
    ),
    queries: [select('interface', min('rx_power_dbm')).where(HERE, PORT).by('interface').series()],
    rules: ['port_optics_weak'],
    link: TO_PORT_OF_SERIES,
    stepS: 300,
  }),
  trend({
    title: text('Light sent', 'Công suất quang phát'),
    about: text('Of the laser of the port.', 'Của laser tại cổng.'),
    queries: [select('interface', min('tx_power_dbm')).where(HERE, PORT).by('interface').series()],
    rules: ['port_optics_weak'],
    link: TO_PORT_OF_SERIES,
    stepS: 300,
  }),
  trend({
    title: text('Temperature of transceivers', 'Nhiệt độ mô-đun quang'),
    about: text('A hot transceiver ages.', 'Mô-đun nóng sẽ chóng già.'),
    queries: [
      select('interface', max('transceiver_temperature_celsius')).where(HERE, PORT).by('interface').series(),
    ],
    link: TO_PORT_OF_SERIES,
    stepS: 300,
  }),
];

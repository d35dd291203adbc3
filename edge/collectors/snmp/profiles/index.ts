import apc from './apc.yaml';
import arista from './arista.yaml';
import cisco from './cisco.yaml';
import eaton from './eaton.yaml';
import geist from './geist.yaml';
import huawei from './huawei.yaml';
import huaweiUps from './huawei-ups.yaml';
import juniper from './juniper.yaml';
import mikrotik from './mikrotik.yaml';
import paloAlto from './palo-alto.yaml';
import ubiquiti from './ubiquiti.yaml';

/** The only list of shipped profiles, as they stand in their files. */
export const SHIPPED_FILES: readonly unknown[] = [
  apc,
  arista,
  cisco,
  eaton,
  geist,
  huawei,
  huaweiUps,
  juniper,
  mikrotik,
  paloAlto,
  ubiquiti,
];

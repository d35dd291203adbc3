import type { Profile } from '../profile.ts';
import { apc } from './apc.ts';
import { arista } from './arista.ts';
import { cisco } from './cisco.ts';
import { eaton } from './eaton.ts';
import { geist } from './geist.ts';
import { huawei } from './huawei.ts';
import { huaweiUps } from './huawei-ups.ts';
import { juniper } from './juniper.ts';
import { mikrotik } from './mikrotik.ts';
import { paloAlto } from './palo-alto.ts';
import { ubiquiti } from './ubiquiti.ts';

/** The only list of profiles. */
export const PROFILES: readonly Profile[] = [
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

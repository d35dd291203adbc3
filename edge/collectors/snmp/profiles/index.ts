import apc from './apc.yaml';
import apcPdu from './apc-pdu.yaml';
import arista from './arista.yaml';
import arubaCx from './aruba-cx.yaml';
import cambiumEpmp from './cambium-epmp.yaml';
import checkPoint from './check-point.yaml';
import cisco from './cisco.yaml';
import ciscoAsa from './cisco-asa.yaml';
import comware from './comware.yaml';
import dellIdrac from './dell-idrac.yaml';
import dellSwitch from './dell-switch.yaml';
import delta from './delta.yaml';
import dLink from './d-link.yaml';
import draytek from './draytek.yaml';
import eaton from './eaton.yaml';
import eatonEpdu from './eaton-epdu.yaml';
import fortinet from './fortinet.yaml';
import geist from './geist.yaml';
import hikvision from './hikvision.yaml';
import huawei from './huawei.yaml';
import huaweiUps from './huawei-ups.yaml';
import juniper from './juniper.yaml';
import mikrotik from './mikrotik.yaml';
import mimosa from './mimosa.yaml';
import paloAlto from './palo-alto.yaml';
import qnap from './qnap.yaml';
import ruijie from './ruijie.yaml';
import santak from './santak.yaml';
import socomec from './socomec.yaml';
import sophos from './sophos.yaml';
import synology from './synology.yaml';
import teltonika from './teltonika.yaml';
import teltonikaLegacy from './teltonika-legacy.yaml';
import tpLink from './tp-link.yaml';
import ubiquiti from './ubiquiti.yaml';
import ubiquitiAirmax from './ubiquiti-airmax.yaml';
import vertiv from './vertiv.yaml';
import zte from './zte.yaml';

/** The only list of shipped profiles, as they stand in their files. */
export const SHIPPED_FILES: readonly unknown[] = [
  apc,
  apcPdu,
  arista,
  arubaCx,
  cambiumEpmp,
  checkPoint,
  cisco,
  ciscoAsa,
  comware,
  dLink,
  dellIdrac,
  dellSwitch,
  delta,
  draytek,
  eaton,
  eatonEpdu,
  fortinet,
  geist,
  hikvision,
  huawei,
  huaweiUps,
  juniper,
  mikrotik,
  mimosa,
  paloAlto,
  qnap,
  ruijie,
  santak,
  socomec,
  sophos,
  synology,
  teltonika,
  teltonikaLegacy,
  tpLink,
  ubiquiti,
  ubiquitiAirmax,
  vertiv,
  zte,
];

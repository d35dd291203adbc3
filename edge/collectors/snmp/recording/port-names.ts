/** What makers call ports, in small letters. */
const WORDS = new Set(
  `ether eth ethernet fastethernet gigabitethernet gigabit tengigabitethernet tengige twentyfivegige fortygige fortygigabitethernet
  hundredgige hundredgigabitethernet xgigabitethernet multige gige ten forty hundred fast ens eno enp enx sfp sfpplus qsfp qsfpplus combo
  port ports interface iface unit slot module stack stackport mgmt management oob console aux loopback loop null lo vlan vlanif vlans svi irb
  bridge bond bonding trunk lag aggregate agg aggregated team channel portchannel bundle reth fab fabric fxp ppp pppoe ppoe out client server
  l2tp sstp ovpn openvpn wireguard wlan wifi radio ath wwan lte cellular modem usb wan lan dmz internal external tunnel tun tap gre vti ipip eoip
  veth docker virbr virtual dummy ifb sit serial async atm adsl vdsl dsl gpon epon pon onu olt copper fiber fibre cpu switch sw internet guest
  inband outband default switchports vrrp vxlan nve ssl root ha hb all base tx rx sfpx sap dsc gr ipsec lsi mtun pimd pime tap vme jsrv
  demux cbp pip esi rbeb software hardware device eth0 asic npu`.split(/\s+/),
);
const LETTERS = /\p{L}+/gu;
/** Makers shorten to two letters (`ge-0/0/1`, `Te1/1`); initials of people and places are more than one such word. */
const SHORT = /^[a-z]{2}$/i;
/** Of a place in a device (`p1p1`, `enp3s0f0`). */
const LETTER = /^[a-z]$/i;
const NUMBER_OF_SOMEBODY = /\d{6,}|\d+\.\d+\.\d+\.\d+/;

/** False: somebody has given the port a name of his own, such as `ether5-police`. Pure. */
export function isPortName(text: string): boolean {
  const others = (text.match(LETTERS) ?? []).filter(
    (word) => !WORDS.has(word.toLowerCase()) && !LETTER.test(word),
  );
  const [first, ...more] = others;
  const isShort = first === undefined || (SHORT.test(first) && /\d/.test(text));
  return isShort && more.length === 0 && !NUMBER_OF_SOMEBODY.test(text);
}

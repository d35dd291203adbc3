import { isIP } from 'node:net';
import { compareOids } from '../../../protocols/snmp/oid.ts';
import { TYPE } from '../../../protocols/snmp/session.ts';
import { toText } from '../../../protocols/snmp/value.ts';
import { isCommonIpv4, Pseudonyms, type Category } from './pseudonyms.ts';
import { addressIn, categoryOf } from './sensitive-objects.ts';
import type { Recorded } from './walk-device.ts';

export interface AnonymousRecording {
  /** In the order of their OIDs. */
  readonly objects: readonly Recorded[];
  /** How many different ones were replaced, by kind. */
  readonly replaced: ReadonlyMap<Category, number>;
}

/** Shorter texts that a person gave are replaced where they stand, and not wherever they turn up. */
const MIN_WORD_CHARS = 4;
const WORDS = /[^\s,;:=()[\]{}"'<>/|]+/g;
const MACS = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b/gi;
const IPV4S = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;
const E_MAILS = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}/g;
const IPV6S = /(?<![\w:])[0-9a-f:]{2,39}(?![\w:])/gi;
/** IMEI, ICCID, telephone and serial numbers, as text. */
const LONG_NUMBERS = /(?<![\w.])\+?\d{9,22}(?![\w.])/g;
const POSITIONS = /(?<![\w.])-?\d{1,3}\.\d{5,}(?![\w.])/g;
/** Capital letters and digits without a break, with at least four digits, as factories number what they make. */
const SERIALS = /\b(?=[A-Z\d]*[A-Z])(?=(?:[A-Z]*\d){4})[A-Z\d]{9,24}\b/g;
/** sysDescr, and lldpRemSysDesc of the neighbours. */
const SYSTEMS = ['1.3.6.1.2.1.1.1.', '1.0.8802.1.1.2.1.4.1.1.10.'];
/** As uname(1) tells it: the name of the machine is its second word. */
const UNAME = /^(?:Linux|FreeBSD|OpenBSD|NetBSD|Darwin|SunOS|VMkernel) (\S{1,64}) \d/;
/** Texts that name a product, whose words are never serial numbers. */
const PRODUCT_OBJECTS = ['1.3.6.1.2.1.1.1.', '1.3.6.1.2.1.47.1.1.1.1.2.', '1.3.6.1.2.1.47.1.1.1.1.13.'];

export interface KnownTexts {
  /** What the device was asked with: the community, the user. */
  readonly secrets: readonly string[];
  /** OIDs of objects that name the product. */
  readonly products: readonly string[];
}

/**
 * Replaces what tells whose device it is: names, addresses, serial numbers, positions and secrets, each by the same stand-in wherever it
 * turns up. Numbers and texts of the maker stay. Pure.
 */
export function anonymise(objects: readonly Recorded[], known: KnownTexts): AnonymousRecording {
  const anonymiser = new Anonymiser(objects, known);
  const replaced = objects.map((object) => anonymiser.replace(object));
  replaced.sort((a, b) => compareOids(a.oid, b.oid));
  return { objects: replaced, replaced: anonymiser.counts };
}

class Anonymiser {
  readonly #pseudonyms = new Pseudonyms();
  readonly #productWords = new Set<string>();
  /** Words and phrases that are replaced in any text. */
  readonly #words = new Map<string, string>();
  /** As they stand in an index. */
  readonly #macs = new Set<string>();
  readonly #phrases: RegExp | undefined;

  constructor(objects: readonly Recorded[], { secrets, products }: KnownTexts) {
    const namesProduct = new Set(products);
    for (const secret of secrets) this.#learnWord('secret', secret);
    for (const { oid, type, value } of objects) {
      if (type === TYPE.ipAddress) this.#ipv4(String(value));
      if (type === TYPE.octets && Buffer.isBuffer(value) && isMacBytes(value))
        this.#macs.add(value.join('.'));
      const text = toText(value);
      if (text === undefined) continue;
      const host = SYSTEMS.some((prefix) => oid.startsWith(prefix)) ? UNAME.exec(text)?.[1] : undefined;
      if (host !== undefined) this.#learn('name', host);
      if (namesProduct.has(oid) || PRODUCT_OBJECTS.some((prefix) => oid.startsWith(prefix)))
        for (const [word] of text.matchAll(WORDS)) if (word !== host) this.#productWords.add(word);
      const category = categoryOf(oid, text);
      if (category !== undefined && Buffer.isBuffer(value)) this.#learn(category, text);
    }
    const phrases = [...this.#words.keys()].filter((text) => text.replace(WORDS, '') !== '');
    phrases.sort((a, b) => b.length - a.length);
    this.#phrases =
      phrases.length === 0
        ? undefined
        : new RegExp(
            `(?<![\\p{L}\\p{N}])(?:${phrases.map(escapeRegExp).join('|')})(?![\\p{L}\\p{N}])`,
            'giu',
          );
  }

  get counts(): ReadonlyMap<Category, number> {
    return this.#pseudonyms.counts;
  }

  replace(object: Recorded): Recorded {
    return { ...object, oid: this.#oid(object.oid), value: this.#value(object) };
  }

  #learn(category: Category, text: string): void {
    const made = this.#given(category, text);
    for (const word of [text, category === 'name' ? hostOf(text) : text]) {
      // Many devices are called as their maker called them: `MikroTik`, `TRB500`.
      const words = word.match(WORDS) ?? [];
      const isProduct = !/[.-]/.test(word) && words.every((each) => this.#productWords.has(each));
      if (word.length >= MIN_WORD_CHARS && !isProduct) this.#words.set(word.toLowerCase(), made);
    }
  }

  /** A name is told by others with its domain and without it. */
  #given(category: Category, text: string): string {
    return this.#pseudonyms.replace(category, category === 'name' ? hostOf(text) : text);
  }

  #learnWord(category: Category, word: string): void {
    if (word !== '') this.#words.set(word.toLowerCase(), this.#pseudonyms.replace(category, word));
  }

  #oid(oid: string): string {
    const found = addressIn(oid, (numbers) => this.#macs.has(numbers));
    if (found === undefined) return oid;
    const { at, bytes } = found;
    const arcs = oid.split('.');
    const original = arcs.slice(at, at + bytes).map(Number);
    if (original.length < bytes || original.some((arc) => arc > 255)) return oid;
    return [...arcs.slice(0, at), ...this.#address(Buffer.from(original)), ...arcs.slice(at + bytes)].join(
      '.',
    );
  }

  /** Of 4, 6 or 16 bytes. */
  #address(original: Buffer): Buffer {
    if (original.length === 4) return Buffer.from(this.#ipv4(original.join('.')).split('.').map(Number));
    if (isUniform(original)) return original;
    if (original.length === 6) return bytesOfMac(this.#mac(macOf(original)));
    const [, last = '0'] = this.#pseudonyms.replace('IPv6', original.toString('hex')).split('::');
    return Buffer.from(`20010db8${last.padStart(24, '0')}`, 'hex');
  }

  #value({ oid, type, value }: Recorded): Recorded['value'] {
    if (type === TYPE.ipAddress) return this.#ipv4(String(value));
    const text = toText(value);
    const category = categoryOf(oid, text);
    if (category === 'position' && typeof value === 'number') return 0;
    if (!Buffer.isBuffer(value) || type === TYPE.opaque) return value;
    if (category !== undefined && text !== undefined) return Buffer.from(this.#given(category, text));
    return (type === TYPE.octets ? this.#bytes(value) : undefined) ?? this.#text(value);
  }

  /** Addresses that are not written as text. */
  #bytes(value: Buffer): Buffer | undefined {
    if (isText(value)) return undefined;
    if (value.length === 4 || value.length === 6) return this.#address(value);
    if (value.length === 16) return isUniform(value) ? value : Buffer.alloc(16);
    // Behind its family (IANA: 1 is IPv4), and behind a priority, as bridges have it (IEEE 802.1D).
    const before = value.length === 5 && value[0] === 1 ? 1 : value.length === 8 && !isDate(value) ? 2 : 0;
    return before === 0
      ? undefined
      : Buffer.concat([value.subarray(0, before), this.#address(value.subarray(before))]);
  }

  #text(value: Buffer): Buffer {
    if (!isText(value)) return value;
    const text = value.toString('utf8');
    const made = (
      this.#phrases === undefined ? text : text.replace(this.#phrases, (found) => this.#wordOf(found))
    )
      .replace(E_MAILS, (found) => this.#pseudonyms.replace('e-mail', found))
      .replace(MACS, (found) => this.#mac(found))
      .replace(IPV4S, (found) => this.#ipv4(found))
      .replace(IPV6S, (found) => (isIP(found) === 6 ? this.#ipv6(found) : found))
      .replace(POSITIONS, (found) => this.#pseudonyms.replace('position', found))
      .replace(SERIALS, (found) =>
        this.#productWords.has(found) ? found : this.#pseudonyms.replace('serial', found),
      )
      .replace(LONG_NUMBERS, (found) => this.#pseudonyms.replace('serial', found))
      .replace(WORDS, (word) => this.#wordOf(word));
    return made === text ? value : Buffer.from(made);
  }

  #wordOf(found: string): string {
    return this.#words.get(found.toLowerCase()) ?? found;
  }

  #ipv4(address: string): string {
    return isCommonIpv4(address) ? address : this.#pseudonyms.replace('IPv4', address);
  }

  #ipv6(address: string): string {
    return address === '::' || address === '::1' ? address : this.#pseudonyms.replace('IPv6', address);
  }

  /** However it is written, the same address is the same. */
  #mac(text: string): string {
    const digits = text.replace(/[^0-9a-f]/gi, '').toLowerCase();
    return /^(0+|f+)$/.test(digits) ? text : this.#pseudonyms.replace('MAC', digits);
  }
}

function hostOf(name: string): string {
  const [host = ''] = name.split('.');
  return isIP(name) === 0 && host !== '' ? host : name;
}

/** Printable, in UTF-8; a zero at the end is how some agents end texts. */
function isText(value: Buffer): boolean {
  const text = value.toString('utf8').replace(/\0+$/, '');
  return !/[\p{Cc}\uFFFD]/u.test(text.replace(/[\r\n\t]/g, ''));
}

/** One that may be looked for in an index: `0.0.0.0.0.1` may as well be rows. */
function isMacBytes(value: Buffer): boolean {
  return value.length === 6 && !isText(value) && !isUniform(value) && value.some((byte) => byte >= 32);
}

/** DateAndTime (RFC 2579) of this century: year, month and day. */
function isDate(value: Buffer): boolean {
  const [, , month = 0, day = 0] = value;
  const year = value.readUInt16BE(0);
  return year >= 2_000 && year < 2_100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function isUniform(value: Buffer): boolean {
  return value.every((byte) => byte === value[0] && (byte === 0 || byte === 0xff));
}

function macOf(value: Buffer): string {
  return value.toString('hex');
}

function bytesOfMac(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

import { describe, expect, it } from 'vitest';
import { matchesPattern, patternText, secretTargetSchema, targetPatternSchema } from './target-pattern.ts';

const at = (host: string, port?: number, address: string | undefined = host) => ({ host, address, port });

describe('an address or network that a config from central may or may not connect to', () => {
  it.each([
    ['127.0.0.1', at('127.0.0.1', 80), true],
    ['127.0.0.1', at('127.0.0.1'), true],
    ['127.0.0.1', at('localhost', 80, '127.0.0.1'), true],
    ['127.0.0.1:9100', at('127.0.0.1', 9_100), true],
    ['127.0.0.1:9100', at('127.0.0.1', 9_101), false],
    ['127.0.0.1:9100', at('127.0.0.1'), false],
    ['127.0.0.0/8', at('127.9.9.9', 1), true],
    ['127.0.0.0/8', at('::ffff:127.9.9.9', 1), true],
    ['10.26.0.0/16:161', at('10.26.9.9', 161), true],
    ['[::ffff:10.26.9.0]/120', at('10.26.9.9', 161), true],
    ['[64:ff9b::]/96', at('10.26.9.9', 161), true],
    ['[2002:a1a::]/32', at('10.26.9.9', 161), true],
    ['[fe80::]/10', at('fe80::1%eth0', 1), true],
    ['[::1]:80', at('::1', 80), true],
    ['[::1]', at('127.0.0.1', 80), false],
  ])('%s and %j: %s', (text, to, expected) =>
    expect(matchesPattern(targetPatternSchema.parse(text), to)).toBe(expected),
  );

  it.each([
    'localhost',
    '10.0.0.0/33',
    '::1',
    '[::]/96',
    '[64:ff9b::]/32',
    '[10.0.0.1]',
    '10.0.0.1:0',
    '10.0.0.1:65536',
    '10.0.0.1:',
    'snmp://10.0.0.1',
    '',
    '/8',
  ])('is not %j', (text) => expect(targetPatternSchema.safeParse(text).success).toBe(false));
});

describe('where a secret may go', () => {
  it.each([
    ['snmp://10.26.0.0/16', at('10.26.7.1', 161), true],
    ['snmp://10.26.0.0/16', at('10.26.7.1', 1_161), false],
    ['snmp://10.26.0.0/16:1161', at('10.26.7.1', 1_161), true],
    ['snmp://10.26.0.0/16', at('core', 161, '10.26.7.1'), true],
    ['snmp://10.26.0.0/16', at('core', 161, '192.0.2.1'), false],
    ['mqtts://Broker.example.vn', at('broker.example.VN.', 8_883, '203.0.113.7'), true],
    ['mqtts://broker.example.vn', at('broker.example.vn', 1_883), false],
    ['mqtts://broker.example.vn', at('evil.broker.example.vn', 8_883), false],
    ['nut://[2001:db8::]/32', at('2001:db8::9', 3_493), true],
  ])('%s and %j: %s', (text, to, expected) =>
    expect(matchesPattern(secretTargetSchema.parse(text), to)).toBe(expected),
  );

  it.each([
    '10.26.0.0/16',
    'http://10.26.0.1',
    'snmp:10.26.0.1',
    'snmp://',
    'snmp://host/24',
    'snmp://user@host',
    'snmp://host:0',
    'constructor://host',
    'snmp://-f',
    `snmp://${'x'.repeat(400)}`,
  ])('is not %j', (text) => expect(secretTargetSchema.safeParse(text).success).toBe(false));

  it('is written as it is read', () => {
    expect(patternText('10.0.0.1', 161)).toBe('10.0.0.1:161');
    expect(patternText('2001:db8::1', undefined)).toBe('[2001:db8::1]');
    expect(targetPatternSchema.safeParse(patternText('2001:db8::1', 80)).success).toBe(true);
  });
});

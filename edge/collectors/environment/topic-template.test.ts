import { describe, expect, it } from 'vitest';
import { matchTemplate, parseTemplate } from './topic-template.ts';

describe('a topic with names in it', () => {
  it('is subscribed to with a + for each', () => {
    expect(parseTemplate('v3/+/devices/{device}/{sensor}')?.filter).toBe('v3/+/devices/+/+');
  });

  it.each([
    ['z2m/{device}', 'z2m/leak-1', { device: 'leak-1' }],
    ['{location}/+/{device}/state', 'room/x/door/state', { location: 'room', device: 'door' }],
    ['z2m/{device}', 'z2m/bridge/state', undefined],
    ['z2m/{device}', 'other/leak-1', undefined],
    ['z2m/{device}', 'z2m', undefined],
  ])('%s is found in %s', (template, topic, names) => {
    const parsed = parseTemplate(template);
    expect(parsed && matchTemplate(parsed, topic)).toEqual(names);
  });

  it.each(['', 'a/#', 'a/{name}', 'a/x{device}', '{device}/{device}', 'a/b+'])('is not %j', (text) => {
    expect(parseTemplate(text)).toBeUndefined();
  });
});

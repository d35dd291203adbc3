import { expect, it } from 'vitest';
import { mosquittoPasswordLine, mosquittoUsers, withPasswordLines } from './mosquitto-password.ts';

it('is what mosquitto_passwd of Mosquitto 2.0.11 writes for the same salt', () => {
  const salt = Buffer.from('7mAS170OnO2MJSwv', 'base64');
  expect(mosquittoPasswordLine('gw-1', 'a password', salt)).toBe(
    'gw-1:$7$101$7mAS170OnO2MJSwv$NVfE1SbLezIIdXmBNsm7CejjLC5bJZePT/Z7L37n/mJprZrWbOh/jZ4VcWQbczV07oS1jAIKjUP1P2/sl/4ozQ==',
  );
});

it('gets lines for new users and replaces those of known ones; what is not a line stays', () => {
  const text = 'central:$7$1\ngw-1:$7$2\n# by hand\n';
  const added = withPasswordLines(text, ['gw-1:$7$3', 'gw-2:$7$4']);
  expect(added).toBe('central:$7$1\n# by hand\ngw-1:$7$3\ngw-2:$7$4\n');
  expect([...mosquittoUsers(added)]).toEqual(['central', 'gw-1', 'gw-2']);
  expect(withPasswordLines('', ['gw-1:$7$3'])).toBe('gw-1:$7$3\n');
});

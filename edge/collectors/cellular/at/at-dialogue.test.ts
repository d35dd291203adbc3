import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { AtDialogue, AtError } from './at-dialogue.ts';
import type { AtPort } from './at-port.ts';
import { LineReader, MAX_LINE_BYTES } from './line-reader.ts';

/** A serial line on which the modem sends only what the test sends. */
function open() {
  const written: string[] = [];
  let onReceived: (bytes: Buffer) => void = () => undefined;
  let end: (reason: string) => void = () => undefined;
  const port: AtPort = {
    write: (bytes) => void written.push(bytes),
    listen: (onBytes, onEnd) => {
      onReceived = onBytes;
      end = onEnd;
    },
    close: async () => undefined,
  };
  const clock = new ManualClock();
  const dialogue = new AtDialogue(port, clock);
  dialogue.start();
  const sendFromModem = (text: string) => onReceived(Buffer.from(text, 'latin1'));
  const unplug = () => end('disconnected');
  return { dialogue, clock, written, sendFromModem, unplug };
}

const CELL = { text: 'AT+QENG="servingcell"', prefix: '+QENG:' };
const NETWORK = { text: 'AT+QNWINFO', prefix: '+QNWINFO:' };

describe('an AT dialogue', () => {
  it('sends a command and gives the lines of its answer', async () => {
    const { dialogue, written, sendFromModem } = open();
    const answer = dialogue.ask(CELL, 1_000);
    sendFromModem('AT+QENG="servingcell"\r\r\n+QENG: "servingcell","SEAR');
    sendFromModem('CH"\r\n\r\nOK\r\n');
    expect(await answer).toEqual(['+QENG: "servingcell","SEARCH"']);
    expect(written).toEqual(['AT+QENG="servingcell"\r']);
  });

  it('reads two answers that the modem sends without a line ending between them', async () => {
    const { dialogue, sendFromModem } = open();
    const answer = dialogue.ask({ text: 'AT+QCAINFO', prefix: '+QCAINFO:' }, 1_000);
    sendFromModem('+QCAINFO: "PCC",1500,100,"LTE BAND 3"+QCAINFO: "SCC",3050,75,"LTE BAND 7"\r\n\r\nOK\r\n');
    expect(await answer).toEqual([
      '+QCAINFO: "PCC",1500,100,"LTE BAND 3"',
      '+QCAINFO: "SCC",3050,75,"LTE BAND 7"',
    ]);
  });

  it('knows a late answer to the command before', async () => {
    const { dialogue, clock, sendFromModem } = open();
    const late = expect(dialogue.ask(NETWORK, 1_000)).rejects.toThrow('AT+QNWINFO: no answer within 1000 ms');
    await clock.advance(1_000);
    await late;
    const answer = dialogue.ask(CELL, 1_000);
    sendFromModem('+QNWINFO: "TDD NR5G","45204","NR5G BAND 78",620640\r\n\r\nOK\r\n');
    sendFromModem('+QENG: "servingcell","SEARCH"\r\n\r\nOK\r\n');
    expect(await answer).toEqual(['+QENG: "servingcell","SEARCH"']);
  });

  it('ends with the port, now and for all that comes', async () => {
    const { dialogue, unplug } = open();
    const asked = expect(dialogue.ask(CELL, 1_000)).rejects.toMatchObject({ code: 'gone' });
    unplug();
    await asked;
    expect(dialogue.isOver).toBe(true);
    await expect(dialogue.ask(CELL, 1_000)).rejects.toBeInstanceOf(AtError);
  });

  it('leaves no timer behind', async () => {
    const { dialogue, clock, sendFromModem } = open();
    const answer = dialogue.ask(CELL, 1_000);
    sendFromModem('OK\r\n');
    await answer;
    await clock.advance(0);
    expect(clock.sleeperCount).toBe(0);
  });
});

describe('the line reader', () => {
  it('gives the same lines however the bytes are cut, and holds no more than one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '+', ' ', '\r', '\n', '\xff'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (all, cuts) => {
        const whole = new LineReader().push(Buffer.from(all, 'latin1'));
        const reader = new LineReader();
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const pieces = at
          .slice(1)
          .flatMap((end, index) => reader.push(Buffer.from(all.slice(at[index], end), 'latin1')));
        expect(pieces).toEqual(whole);
      }),
    );
  });

  it('drops a line that is too long, and reads on behind it', () => {
    const reader = new LineReader();
    expect(reader.push(Buffer.from('x'.repeat(MAX_LINE_BYTES)))).toEqual([]);
    expect(reader.isTooLong).toBe(false);
    expect(reader.push(Buffer.from('x'))).toEqual([]);
    expect(reader.isTooLong).toBe(true);
    expect(reader.push(Buffer.from('y\r\nOK\r\n'))).toEqual([undefined, 'OK']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage, readPriority } from './parse-message.ts';

function read(message: string | Buffer) {
  const bytes = Buffer.from(message);
  const priority = readPriority(bytes);
  if (priority === undefined) return undefined;
  const { type, severityCode, facility, message: text } = parseMessage(bytes, priority);
  return { type, severityCode, facility, text };
}

describe('a message in the format of RFC 5424', () => {
  it('has its message id as type', () => {
    expect(
      read(
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8",
      ),
    ).toEqual({
      type: 'ID47',
      severityCode: 2,
      facility: 4,
      text: "'su root' failed for lonvick on /dev/pts/8",
    });
  });

  it('has the program as type where it has no id', () => {
    expect(
      read('<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It is time'),
    ).toMatchObject({
      type: 'myproc',
      severityCode: 5,
      facility: 20,
    });
    expect(read('<13>1 - - - - - - hello')).toMatchObject({ type: 'message', text: 'hello' });
  });

  it('is read behind structured data, with brackets and quotes in its values', () => {
    const data = '[a@32473 iut="3" note="a \\"quoted\\" ] bracket"][b@32473 class="high"]';
    expect(read(`<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 ${data} An entry`)).toMatchObject({
      type: 'ID47',
      text: 'An entry',
    });
    expect(read(`<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 ${data}`)).toMatchObject({ text: '' });
    expect(read('<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 [a@1 b="never ends')).toMatchObject({
      type: 'ID47',
      text: '',
    });
  });
});

describe('a message in the manner of RFC 3164', () => {
  it.each([
    ["<34>Oct 11 22:14:15 mymachine su: 'su root' failed", 'su', "'su root' failed"],
    ['<38>Nov  3 02:10:07 app-01 sshd[4711]: Failed password', 'sshd', 'Failed password'],
    ['<30>2026-11-03T02:10:07.123456+07:00 app-01 systemd[1]: Started', 'systemd', 'Started'],
    ['<13>kernel: Out of memory', 'kernel', 'Out of memory'],
    ['<13>Use the BFG!', 'message', 'Use the BFG!'],
    ['<13>', 'message', ''],
  ])('%s is of type %s', (message, type, text) => {
    expect(read(message)).toMatchObject({ type, text });
  });
});

describe('the code that a maker puts into the text is the type', () => {
  it.each([
    [
      '<187>45: *Mar  1 00:00:01.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down',
      'LINK-3-UPDOWN',
    ],
    ['<187>Nov  3 02:10:07 sw-1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Ethernet1', 'LINEPROTO-5-UPDOWN'],
    [
      '<189>Nov 3 2026 02:10:07 S1 %%01IFNET/4/LINK_STATE(l)[0]: The line protocol is down',
      'IFNET/4/LINK_STATE',
    ],
    ['<190>date=2026-11-30 devname="fw-1" logid="0100020099" type="event"', 'logid-0100020099'],
    [
      '<28>1 2026-11-03T02:10:07Z mx-1 mib2d 1234 SNMP_TRAP_LINK_DOWN [junos@2636 a="b"] ifIndex 531',
      'SNMP_TRAP_LINK_DOWN',
    ],
    ['<28>Nov  3 02:10:07 app-01 job[1]: 100 %-complete', 'job'],
  ])('%s', (message, type) => {
    expect(read(message)?.type).toBe(type);
  });
});

describe('what is no syslog', () => {
  it.each(['', '<', '<>', '<1', '<192>x', '<999>x', '<1234>x', '<-1>x', 'mem total=1i', '\0\0\0', '< 13>x'])(
    '%j has no priority',
    (message) => {
      expect(readPriority(Buffer.from(message))).toBeUndefined();
    },
  );

  it('never fails, whatever the bytes are', () => {
    const afterPriority = fc
      .tuple(
        fc.integer({ min: 0, max: 191 }),
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.string({ unit: 'binary', maxLength: 400 }).map((text) => Buffer.from(text)),
          fc.stringMatching(/^1 [-: TZ0-9a-z[\]"\\=@]{0,200}$/).map((text) => Buffer.from(text)),
        ),
      )
      .map(([priority, rest]) => Buffer.concat([Buffer.from(`<${priority}>`), rest]));
    fc.assert(
      fc.property(
        fc.oneof(
          afterPriority,
          fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        ),
        (message) => {
          const found = read(message);
          expect(found === undefined || /\S/.test(found.type)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['digits', '1'],
    ['percent signs', '%'],
    ['code letters', '%A-'],
    ['spaces', ' '],
    ['letters', 'a'],
    ['brackets', '['],
    ['quotes', '"\\'],
  ])('takes no longer for thousands of %s', (_name, part) => {
    const long = Buffer.from(`<13>1 - - - - - ${part.repeat(60_000)}`);
    const startMs = performance.now();
    for (let times = 0; times < 20; times++) read(long);
    // Some milliseconds; a search that goes back again and again would take minutes.
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

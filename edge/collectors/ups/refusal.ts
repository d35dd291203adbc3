/** `ERR` codes (RFC 9271, section 4.3) and what to do about them. */
const MEANINGS: Readonly<Record<string, string>> = {
  'ACCESS-DENIED': 'this address or user may not ask that',
  'DATA-STALE': 'the driver has no fresh data: check the cable to the UPS',
  'DRIVER-NOT-CONNECTED': 'the driver of this UPS does not run',
  'FEATURE-NOT-CONFIGURED': 'the server has no certificate for TLS',
  'FEATURE-NOT-SUPPORTED': 'the server was built without TLS',
  'INVALID-PASSWORD': 'wrong password',
  'INVALID-USERNAME': 'no such user',
  'UNKNOWN-COMMAND': 'the server does not know the command',
  'UNKNOWN-UPS': 'the server has no UPS of this name',
};

/** The server answered with an error; the connection stays usable. */
export class NutRefusal extends Error {
  override readonly name = 'NutRefusal';
  readonly code: string;
  constructor(code: string) {
    const meaning = MEANINGS[code];
    super(meaning === undefined ? code : `${code}, ${meaning}`);
    this.code = code;
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** An authority of our own that signs what a test needs, in a directory that is removed afterwards. */
export class TestAuthority {
  readonly #directory = mkdtempSync(join(tmpdir(), 'wardwatch-certificates-'));
  readonly caFile = join(this.#directory, 'ca.crt');
  #count = 0;

  constructor() {
    this.#write('ca.conf', CA_CONF);
    this.#write('ca.index', '');
    this.#run(`req -x509 ${NEW_KEY} ca.key -out ca.crt -days 30 -subj`, '/CN=Test Authority');
  }

  get caCert(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  /** Signed by this authority, for some days before and after now; the chain is leaf and authority. */
  issue(
    names: string,
    days: { readonly from: number; readonly to: number } = { from: -10, to: 10 },
  ): Identity {
    const name = this.#begin(names);
    this.#run(`req -new ${NEW_KEY} ${name}.key -out ${name}.csr -subj`, `/CN=${name}`);
    this.#run(
      `ca -batch -notext -config ca.conf -in ${name}.csr -out ${name}.crt -extfile ${name}.ext -startdate ${utc(days.from)} -enddate ${utc(days.to)}`,
    );
    return { key: this.#read(`${name}.key`), cert: this.#read(`${name}.crt`) + this.caCert };
  }

  /**
   * A leaf of a new authority, served with the certificate that this, the old authority, once gave the new one and that has
   * expired. `root` is the new authority's own.
   */
  crossSigned(names: string): Identity & { readonly root: string } {
    const name = this.#begin(names);
    this.#write('cross.ext', 'basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\n');
    this.#run(`req -x509 ${NEW_KEY} new.key -out new.crt -days 30 -subj`, '/CN=New Authority');
    this.#run('req -new -key new.key -out cross.csr -subj', '/CN=New Authority');
    this.#run(
      `ca -batch -notext -config ca.conf -in cross.csr -out cross.crt -extfile cross.ext -startdate ${utc(-90)} -enddate ${utc(-1)}`,
    );
    this.#run(`req -new ${NEW_KEY} ${name}.key -out ${name}.csr -subj`, `/CN=${name}`);
    this.#run(
      `x509 -req -in ${name}.csr -out ${name}.crt -CA new.crt -CAkey new.key -CAcreateserial -days 5 -extfile ${name}.ext`,
    );
    const cert = this.#read(`${name}.crt`) + this.#read('cross.crt');
    return { key: this.#read(`${name}.key`), cert, root: this.#read('new.crt') };
  }

  selfSigned(names: string): Identity {
    const name = this.#begin(names);
    const command = `req -x509 ${NEW_KEY} ${name}.key -out ${name}.crt -days 10 -addext subjectAltName=${names} -subj`;
    this.#run(command, `/CN=${name}`);
    return { key: this.#read(`${name}.key`), cert: this.#read(`${name}.crt`) };
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #begin(names: string): string {
    const name = `test-${++this.#count}`;
    this.#write(`${name}.ext`, `subjectAltName=${names}\n`);
    return name;
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#directory, file), text);
  }

  #read(file: string): string {
    return readFileSync(join(this.#directory, file), 'utf8');
  }

  #run(command: string, ...more: string[]): void {
    const ran = spawnSync('openssl', [...command.split(' '), ...more], { cwd: this.#directory });
    if (ran.status !== 0) throw new Error(String(ran.stderr));
  }
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout';

const CA_CONF = `[ca]
default_ca = own
[own]
dir = .
database = ca.index
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
rand_serial = yes
policy = any
[any]
commonName = supplied
`;

/** Midnight so many days from now, as OpenSSL writes it. */
function utc(days: number): string {
  const date = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return `${date.replaceAll('-', '')}000000Z`;
}

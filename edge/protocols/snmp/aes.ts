import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Encryption, PrivProtocols, type AuthProtocols } from 'net-snmp';

/** Keys of a v3 user with authPriv. */
export interface EncryptedUser {
  readonly authProtocol: Exclude<AuthProtocols, AuthProtocols.none>;
  readonly authKey: string;
  readonly privProtocol: PrivProtocols.aes | PrivProtocols.aes256b;
  readonly privKey: string;
}

/** Of a message: what its key and its initialisation vector are made of. */
export interface CipherParameters {
  readonly engineId: Buffer;
  readonly engineBoots: number;
  readonly engineTime: number;
  /** msgPrivacyParameters, 8 bytes. */
  readonly salt: Buffer;
}

/** AES in CFB mode (RFC 3826, 3.1). Throws where the parameters are none. */
export function decrypt(bytes: Buffer, user: EncryptedUser, parameters: CipherParameters): Buffer {
  const { name, key, iv } = cipherOf(user, parameters);
  const decipher = createDecipheriv(name, key, iv);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

export function encrypt(bytes: Buffer, user: EncryptedUser, parameters: CipherParameters): Buffer {
  const { name, key, iv } = cipherOf(user, parameters);
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function cipherOf({ authProtocol, privProtocol, privKey }: EncryptedUser, parameters: CipherParameters) {
  const { aes, aes256b } = PrivProtocols;
  const algorithm = privProtocol === aes ? Encryption.algorithms[aes] : Encryption.algorithms[aes256b];
  const { engineId, engineBoots, engineTime, salt } = parameters;
  const clock = Buffer.alloc(8);
  clock.writeUInt32BE(engineBoots, 0);
  clock.writeUInt32BE(engineTime, 4);
  return {
    name: algorithm.CRYPTO_ALGORITHM,
    key: algorithm.localizationAlgorithm(algorithm, authProtocol, privKey, engineId),
    iv: Buffer.concat([clock, salt]),
  };
}

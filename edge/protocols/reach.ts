import type { SecretSource } from '../../runtime/secret-source.ts';

/** How a target is talked to; a secret may be for some of them only. */
export type Use =
  'snmp' | 'mqtt' | 'mqtts' | 'nut' | 'http' | 'https' | 'ws' | 'tcp' | 'udp' | 'dns' | 'icmp';

/** A setting with a secret. */
export interface SecretSetting {
  /** Path within the collector's entry, such as `credentials.core.community`. */
  readonly setting: string;
  readonly source: SecretSource;
}

/** A setting that makes the agent connect somewhere. */
export interface TargetSetting {
  readonly setting: string;
  readonly use: Use;
  /** A name, or an address without brackets. */
  readonly host: string;
  /** Missing: none, as for ICMP. */
  readonly port?: number | undefined;
  /** What is sent there, or proved to be known. */
  readonly secrets?: readonly SecretSetting[];
}

/** A setting that names something in the file system. */
export interface FileSetting {
  readonly setting: string;
  /** May have `*` and `?`. */
  readonly path: string;
  /** A device, below /dev. */
  readonly isDevice?: true;
  /** What the setting is when it is not given. */
  readonly usual?: string;
}

/** All that one collector's config makes the agent reach. */
export interface Reaches {
  readonly targets: readonly TargetSetting[];
  readonly files: readonly FileSetting[];
}

export const REACHES_NOTHING: Reaches = { targets: [], files: [] };

/** A setting with a path, if it is given. */
export function fileSetting(setting: string, path: string | undefined): readonly FileSetting[] {
  return path === undefined ? [] : [{ setting, path }];
}

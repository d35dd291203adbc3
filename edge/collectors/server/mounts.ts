export interface Mount {
  /** `major:minor`, the same for every mount of one filesystem. */
  readonly deviceNumber: string;
  /** What of the filesystem is mounted: `/`, or a directory for bind mounts and subvolumes. */
  readonly root: string;
  readonly path: string;
  readonly fsType: string;
  readonly source: string;
  readonly readOnly: boolean;
}

/** Telegraf's default `ignore_fs`. */
const IGNORED = ['tmpfs', 'devtmpfs', 'devfs', 'iso9660', 'overlay', 'aufs', 'squashfs'];
/** Images that are always full and cannot be written: told as disks they would be at 100 % for ever. */
const IMAGES = ['erofs', 'cramfs', 'romfs'];
/** Kernel interfaces without blocks; autofs, because statfs(2) would mount it. */
const PSEUDO = [
  ...['autofs', 'binfmt_misc', 'bpf', 'cgroup', 'cgroup2', 'configfs', 'debugfs', 'devpts', 'efivarfs'],
  ...['fusectl', 'hugetlbfs', 'mqueue', 'nsfs', 'proc', 'pstore', 'ramfs', 'rpc_pipefs', 'securityfs'],
  ...['selinuxfs', 'sysfs', 'tracefs', 'fuse.lxcfs', 'fuse.gvfsd-fuse', 'fuse.portal'],
];
const LEFT_OUT: ReadonlySet<string> = new Set([...IGNORED, ...IMAGES, ...PSEUDO]);

/** Reads /proc/self/mountinfo, proc_pid_mountinfo(5); skips malformed lines. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const parts = line.split(' ');
    const separator = parts.indexOf('-', 6);
    const [, , deviceNumber, root, path, options] = parts;
    const [fsType, source, superOptions] = separator < 0 ? [] : parts.slice(separator + 1);
    if (deviceNumber === undefined || root === undefined || path === undefined) continue;
    if (options === undefined || fsType === undefined || source === undefined) continue;
    mounts.push({
      deviceNumber,
      root: unescape(root),
      path: unescape(path),
      fsType,
      source: unescape(source),
      // A filesystem that the kernel made read-only after an error shows it in its super options only.
      readOnly: hasOption(options, 'ro') || hasOption(superOptions ?? '', 'ro'),
    });
  }
  return mounts;
}

/**
 * One mount for each real filesystem: the shortest path. Without bind mounts (their filesystem counts elsewhere), but with
 * btrfs subvolumes. `/` is always included, even as an overlay.
 */
export function chooseMounts(mounts: readonly Mount[]): Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.path, mount])); // a later mount hides an earlier one
  const chosen = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (mount.path !== '/' && (LEFT_OUT.has(mount.fsType) || isReadOnlyImage(mount) || isBind(mount)))
      continue;
    const other = chosen.get(mount.deviceNumber);
    if (other === undefined || mount.path.length < other.path.length) chosen.set(mount.deviceNumber, mount);
  }
  return [...chosen.values()];
}

/** A network filesystem: a dead server makes its statfs(2) hang. */
export function isRemote(mount: Mount): boolean {
  return /^(nfs|cifs|smb|9p|afs|ceph|glusterfs|lustre|ocfs2|fuse\.)/.test(mount.fsType);
}

/**
 * A disc, or an image or share mounted by a program (squashfuse, AppImages, fuseiso): nothing on this machine fills it or
 * can make room on it. The kernel never makes these read-only after an error, as it does with disks.
 */
function isReadOnlyImage({ fsType, readOnly }: Mount): boolean {
  return readOnly && (fsType === 'udf' || fsType.startsWith('fuse.'));
}

function isBind(mount: Mount): boolean {
  return mount.root !== '/' && mount.fsType !== 'btrfs';
}

function hasOption(options: string, option: string): boolean {
  return options.split(',').includes(option);
}

/** Space, tab, newline and backslash stand as \040, \011, \012, \134. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

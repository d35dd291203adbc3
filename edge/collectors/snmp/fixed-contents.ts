/** Where systems mount images of their own: OpenWrt /rom, snap packages, packages of Junos. */
const IMAGE_PATHS = /^(?:\/rom|\/snap|\/var\/lib\/snapd\/snap|\/packages|\/\.mount\/packages)(?:\/|$)/;
/** File systems of the kernel; what stands below may be storage, such as /dev/shm. */
const KERNEL_PATHS: ReadonlySet<string> = new Set(['/dev', '/dev/fd', '/proc']);
/** File systems of BSD (devfs(5), procfs(5)) and of discs, as type or as device; geom_uzip(4) is compressed and read-only. */
const WITHOUT_ROOM = /^(?:devfs|procfs|linprocfs|linsysfs|fdescfs|cd9660)\b|^\/dev\/\S+\.uzip\b/;

/**
 * Pure. Whether a row of hrStorageTable is an image that cannot be written, or a file system of the kernel: always full, and nobody
 * can make room on it. Agents call them fixed disks that can be written, so only hrStorageDescr tells: a path (net-snmp),
 * `DEVICE[: LABEL], mounted on: PATH` (Junos) or `PATH, type: TYPE, dev: DEVICE` (bsnmpd).
 */
export function hasFixedContents(description: string): boolean {
  const [, mounted] = splitAt(description, ', mounted on: ');
  const [path, type = description] = splitAt(mounted ?? description, ', type: ');
  return KERNEL_PATHS.has(path) || IMAGE_PATHS.test(path) || WITHOUT_ROOM.test(type);
}

/** The second is undefined where `separator` is not in the text. */
function splitAt(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

import { expect, it } from 'vitest';
import { hasFixedContents } from './fixed-contents.ts';

it.each([
  '/rom',
  '/rom/firmware',
  '/snap/core22/1122',
  '/var/lib/snapd/snap/core22/1122',
  '/dev',
  '/proc',
  'devfs: dev file system, mounted on: /dev',
  'devfs, mounted on: /var/named/dev',
  '/dev/md0, mounted on: /packages/mnt/jbase',
  '/dev, type: devfs, dev: devfs',
  '/var/dhcpd/dev, type: devfs, dev: devfs',
  '/dev/md12.uzip: junos cd9660, mounted on: /junos',
])('what is always full is told by its name: %s', (description) => {
  expect(hasFixedContents(description)).toBe(true);
});

it.each([
  '/',
  '/dev/shm',
  '/romance',
  '/home/rom',
  '/var/snap',
  '/dev/sda1',
  '/dev/md9, mounted on: /tmp',
  '/dev/ad0s1a: root file system, mounted on: /',
  'rom',
  '/, type: zfs, dev: zroot/ROOT/default',
  '/var/run, type: tmpfs, dev: tmpfs',
  'C:\\ Label:  Serial Number 1234abcd',
  '',
  `${', mounted on: '.repeat(5_000)}/rom`,
])('what can be filled is not: %.60s', (description) => {
  expect(hasFixedContents(description)).toBe(false);
});

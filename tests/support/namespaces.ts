import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** Runs a command inside a network namespace. */
export function inNamespace(namespace: string, ...command: string[]): void {
  ip('netns', 'exec', namespace, ...command);
}

/** A suite that makes networks; needs root and network namespaces. */
export function describeWithNamespaces(title: string, suite: () => void): void {
  const why = whyNoNamespaces();
  if (why === undefined) describe(title, suite);
  else describe.skip(`${title} [needs network namespaces: root and the package iproute2; ${why}]`, suite);
}

function whyNoNamespaces(): string | undefined {
  const name = `ww-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').at(-2) ?? error.message) : String(error);
  }
}

/** Writes a program that runs `command` inside the namespace. */
export function programInNamespace(directory: string, namespace: string, command: string): string {
  const file = join(directory, command);
  writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${namespace} ${command} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/**
 * A chain of machines, each connected to the next and routing for its neighbours: link n is 10.26.n.0/24, with .1 on the
 * near and .2 on the far side.
 */
export class RouterChain {
  readonly names: readonly string[];

  constructor(length: number) {
    this.names = Array.from({ length }, (_unused, index) => `ww-${process.pid}-${index}`);
    try {
      for (const name of this.names) {
        ip('netns', 'add', name);
        ip('-n', name, 'link', 'set', 'lo', 'up');
        inNamespace(name, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv4.icmp_ratelimit=0');
      }
      for (let link = 1; link < length; link++) this.#join(link);
      for (const index of this.names.keys()) this.#addRoutes(index);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  name(index: number): string {
    const name = this.names[index];
    if (name === undefined) throw new RangeError(`no machine ${index} in this chain`);
    return name;
  }

  remove(): void {
    for (const name of this.names) {
      try {
        ip('netns', 'delete', name);
      } catch {
        // It was never made.
      }
    }
  }

  #join(link: number): void {
    const [near, far] = [this.name(link - 1), this.name(link)];
    ip('-n', near, 'link', 'add', `down${link}`, 'type', 'veth', 'peer', 'name', `up${link}`, 'netns', far);
    ip('-n', near, 'addr', 'add', `10.26.${link}.1/24`, 'dev', `down${link}`);
    ip('-n', far, 'addr', 'add', `10.26.${link}.2/24`, 'dev', `up${link}`);
    ip('-n', near, 'link', 'set', `down${link}`, 'up');
    ip('-n', far, 'link', 'set', `up${link}`, 'up');
  }

  /** Nearer links lie up the chain, all others down. */
  #addRoutes(index: number): void {
    const name = this.name(index);
    for (let link = 1; link < index; link++) {
      ip('-n', name, 'route', 'add', `10.26.${link}.0/24`, 'via', `10.26.${index}.1`);
    }
    const next = index + 1;
    if (next < this.names.length) ip('-n', name, 'route', 'add', 'default', 'via', `10.26.${next}.2`);
  }
}

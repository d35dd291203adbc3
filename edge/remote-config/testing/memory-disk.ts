import type { Disk, DiskFile } from '../../queue/disk.ts';

interface Content {
  live: Buffer;
  synced: Buffer;
}

/**
 * A disk in memory that separates what a kill leaves (everything written) from what a power cut leaves (everything synced,
 * and the first few unsynced changes of names).
 */
export class MemoryDisk implements Disk {
  #live = new Map<string, Content>();
  #durable = new Map<string, Content>();
  #unsynced: ((names: Map<string, Content>) => void)[] = [];
  /** Called before each step that changes something. Reject for a disk that fails; never resolve for a dead process. */
  gate: (step: string) => Promise<void> = async () => undefined;

  get files(): readonly string[] {
    return [...this.#live.keys()];
  }

  textOf(file: string): string | undefined {
    return this.#live.get(file)?.live.toString();
  }

  put(file: string, text: string): void {
    const bytes = Buffer.from(text);
    this.#change((names) => names.set(file, { live: bytes, synced: bytes }));
    this.#sync();
  }

  powerCut(changesKept: number): void {
    for (const change of this.#unsynced.slice(0, changesKept)) change(this.#durable);
    this.#unsynced = [];
    this.#live = new Map();
    for (const [file, { synced }] of this.#durable) this.#live.set(file, { live: synced, synced });
    this.#durable = new Map(this.#live);
  }

  async makeDirectory(): Promise<void> {
    // This disk has no directories.
  }

  async list(): Promise<readonly string[]> {
    return this.files;
  }

  async sizeOf(file: string): Promise<number> {
    return (await this.readWhole(file)).length;
  }

  async readWhole(file: string): Promise<Buffer> {
    const content = this.#live.get(file);
    if (content === undefined) throw Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
    return content.live;
  }

  async readAt(file: string, position: number, length: number): Promise<Buffer> {
    return (await this.readWhole(file)).subarray(position, position + length);
  }

  async create(file: string): Promise<DiskFile> {
    await this.gate('create');
    const content = { live: Buffer.alloc(0), synced: Buffer.alloc(0) };
    this.#change((names) => names.set(file, content));
    return this.#handle(content);
  }

  async reopen(file: string): Promise<DiskFile> {
    const content = this.#live.get(file);
    if (content === undefined) throw new Error(`ENOENT: ${file}`);
    return this.#handle(content);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.gate('rename');
    if (!this.#live.has(from)) throw Object.assign(new Error(`ENOENT: ${from}`), { code: 'ENOENT' });
    this.#change((names) => {
      const content = names.get(from);
      if (content !== undefined) names.set(to, content);
      names.delete(from);
    });
  }

  async remove(file: string): Promise<void> {
    await this.gate('remove');
    this.#change((names) => names.delete(file));
  }

  async syncDirectory(): Promise<void> {
    await this.gate('sync-directory');
    this.#sync();
  }

  #handle(content: Content): DiskFile {
    return {
      write: async (bytes) => {
        content.live = Buffer.from(bytes.subarray(0, bytes.length >> 1));
        await this.gate('write');
        content.live = Buffer.from(bytes);
      },
      sync: async () => {
        await this.gate('sync');
        content.synced = content.live;
      },
      truncate: async (length) => {
        content.live = content.live.subarray(0, length);
      },
      close: async () => undefined,
    };
  }

  #change(change: (names: Map<string, Content>) => void): void {
    change(this.#live);
    this.#unsynced.push(change);
  }

  #sync(): void {
    for (const change of this.#unsynced.splice(0)) change(this.#durable);
  }
}

// SPDX-License-Identifier: Apache-2.0
// A guest that runs as a node, seen from this machine: commands in it, and its images.
import { spawn } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ImageStore } from '../image-store.ts';
import type { GuestAnswer } from './answer.ts';
import { parseAnswer, shellCommand } from './answer.ts';
import { GUEST_DATA, guestNodeAddresses, guestNodeName } from './node.ts';
import type { SecurityModule } from './security-module.ts';

const PORT = '7';

/** A running guest. */
export class Guest {
  readonly name: string;
  readonly images: ImageStore;
  private readonly network: string;
  private readonly address: string;
  private readonly exchange: string;

  /**
   * @param network - file of the network that the cluster is in
   * @param folder - of the guest
   * @param bin - folder of the programs
   */
  constructor(module: SecurityModule, network: string, folder: string, bin: string) {
    this.name = guestNodeName(module);
    this.network = network;
    this.address = guestNodeAddresses(module).address;
    this.exchange = path.join(folder, 'exchange');
    const must = (program: string, args: readonly string[]): Promise<string> => this.must([program, ...args]);
    this.images = new ImageStore(must, path.join(bin, 'ctr'), GUEST_DATA);
  }

  /** Runs a command as root of the guest. Throws when the guest does not answer. */
  async exec(command: readonly string[]): Promise<GuestAnswer> {
    const args = [`--net=${this.network}`, '--', 'busybox', 'nc', this.address, PORT];
    const child = spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.write(`${Buffer.from(shellCommand(command)).toString('base64')}\n`);
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    await new Promise<void>((resolve, reject) => {
      child.once('error', (cause) => reject(new Error(`start nsenter: ${cause.message}`, { cause })));
      child.once('close', () => resolve());
    });
    if (output.length === 0) throw new Error(`${this.name} does not answer: ${Buffer.concat(complaints).toString()}`);
    return parseAnswer(Buffer.concat(output));
  }

  /** Imports an image archive of this machine. Returns what the import said. */
  async load(archive: string): Promise<string> {
    // By the folder of which the guest keeps nothing: a file that is new on this machine may not be seen elsewhere. And
    // then by its disk, because of that folder ctr reads a few KiB at a time, each a round trip.
    const name = `${process.pid}-${path.basename(archive)}`;
    const [shared, local] = [path.join('/run/exchange', name), path.join('/run/disk', name)];
    const copy = path.join(this.exchange, name);
    await copyFile(archive, copy);
    try {
      await this.must(['busybox', 'dd', `if=${shared}`, `of=${local}`, 'bs=500k']);
      return await this.images.import(local);
    } finally {
      await rm(copy);
      await this.exec(['rm', '-f', local]);
    }
  }

  private async must(command: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.exec(command);
    if (status !== 0) throw new Error(`${command.join(' ')} on ${this.name}: ended with ${status}\n${stderr}${stdout}`);
    return stdout;
  }
}

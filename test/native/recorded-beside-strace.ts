// SPDX-License-Identifier: Apache-2.0
// The recorder of containers, attached, and containers of one runtime whose calls strace sees on the very same run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId } from './container-recordings.ts';
import { namesIn, traced } from './strace-judge.ts';

/** Names of the calls of one run, as the recorder and as strace has them. */
export interface NamesOfBoth {
  readonly names: readonly string[];
  readonly traced: readonly string[];
}

/** A runtime's containers and the recorder, in a folder of their own. */
export class RecordedBesideStrace {
  readonly containers: Containers;
  readonly events: ContainerEvents;
  private readonly folder: string;

  private constructor(folder: string, containers: Containers, events: ContainerEvents) {
    this.folder = folder;
    this.containers = containers;
    this.events = events;
  }

  /** Attaches the recorder; to be closed. */
  static async open(runtime: string): Promise<RecordedBesideStrace> {
    const folder = mkdtempSync(path.join(tmpdir(), 'spo-strace-'));
    const containers = new Containers(await openRuntime(runtime), folder);
    const events = new ContainerEvents();
    await events.attach();
    return new RecordedBesideStrace(folder, containers, events);
  }

  async close(): Promise<void> {
    await this.events.stop();
    await this.containers.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Names of the calls of a container's only run, of which nothing may be lost. */
  async compared(bundle: string, program: string): Promise<NamesOfBoth> {
    const id = newContainerId();
    const log = path.join(this.folder, 'log');
    const pid = await this.containers.create(bundle, id);
    const { end } = await traced(pid, log);
    expect((await this.containers.call('start', id)).status).to.equal(0);
    await end;
    const { names, lost } = await this.events.recordingOf(id);
    await this.containers.call('delete', '--force', id);
    expect(lost).to.deep.equal({});
    return { names, traced: namesIn(readFileSync(log, 'utf8'), program) };
  }
}

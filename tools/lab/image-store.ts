// SPDX-License-Identifier: Apache-2.0
// The images of a node, by containerd's client `ctr`.
import { socketOf } from './containerd.ts';

/** Runs a program and returns its output; throws when it fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/** The images that pods of one node find. */
export class ImageStore {
  private readonly runProgram: RunProgram;
  private readonly ctr: string;
  private readonly data: string;

  /**
   * @param runProgram - where the node's containerd is
   * @param ctr - path of the client there
   * @param data - folder of containerd's data there
   */
  constructor(runProgram: RunProgram, ctr: string, data: string) {
    this.runProgram = runProgram;
    this.ctr = ctr;
    this.data = data;
  }

  /** Imports an archive, docker's or OCI's, by its path on the node. Returns what the import said. */
  async import(archive: string): Promise<string> {
    return this.images('import', '--local', archive);
  }

  /** Whether there is an image of that name. */
  async has(name: string): Promise<boolean> {
    return (await this.images('list', '--quiet')).split('\n').includes(name);
  }

  /** Gives an image one more name. */
  async tag(name: string, other: string): Promise<void> {
    await this.images('tag', '--force', name, other);
  }

  /**
   * Removes all names of images in a repository but one. Content that no name leads to is removed by containerd.
   */
  async removeOtherTags(repository: string, kept: string): Promise<void> {
    const names = (await this.images('list', '--quiet')).split('\n');
    const others = names.filter((name) => name.startsWith(`${repository}:`) && name !== kept);
    if (others.length > 0) await this.images('remove', ...others);
  }

  private images(...args: readonly string[]): Promise<string> {
    return this.runProgram(this.ctr, ['-a', socketOf(this.data), '-n', 'k8s.io', 'images', ...args]);
  }
}

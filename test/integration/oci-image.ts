// SPDX-License-Identifier: Apache-2.0
// Looks into an OCI archive: its images, their configuration, what their layers hold; and lays one out as a file
// system.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Descriptor } from '../../tools/image/layout.ts';
import { readImages, readIndex, readLayers } from '../../tools/image/layout.ts';
import type { TarEntry } from './tar.ts';
import { readTar } from './tar.ts';

const run = promisify(execFile);

/** The part of an image's configuration that a container runtime reads. */
export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** An unpacked archive. */
export class OciArchive {
  readonly file: string;
  readonly index: Descriptor;
  private readonly layout: string;

  private constructor(file: string, layout: string, index: Descriptor) {
    this.file = file;
    this.layout = layout;
    this.index = index;
  }

  /** Unpacks an archive into a folder that isn't there yet. */
  static async open(file: string, layout: string): Promise<OciArchive> {
    await mkdir(layout, { recursive: true });
    await run('tar', ['-xf', file, '-C', layout]);
    const [index, ...more] = await readIndex(layout);
    if (index === undefined || more.length > 0) throw new Error(`${file} does not hold one image`);
    return new OciArchive(file, layout, index);
  }

  /** The raw index.json, with the annotations that name the image. */
  async names(): Promise<Readonly<Record<string, string>>> {
    interface Named {
      readonly manifests: readonly [{ readonly annotations: Readonly<Record<string, string>> }];
    }
    const index = JSON.parse(await readFile(path.join(this.layout, 'index.json'), 'utf8')) as Named;
    return index.manifests[0].annotations;
  }

  /** Architectures in the index. */
  async architectures(): Promise<readonly (string | undefined)[]> {
    return (await readImages(this.layout, this.index)).map(({ architecture }) => architecture);
  }

  async config(architecture: string): Promise<ImageConfig> {
    const manifest = JSON.parse(await this.text(await this.image(architecture))) as { readonly config: Descriptor };
    return (JSON.parse(await this.text(manifest.config)) as { readonly config: ImageConfig }).config;
  }

  /** Everything in the layers, the lowest first. */
  async entries(architecture: string): Promise<readonly TarEntry[]> {
    const archives = await Promise.all((await this.layerFiles(architecture)).map((file) => readFile(file)));
    return archives.flatMap((archive) => [...readTar(gunzipSync(archive))]);
  }

  /** Unpacks the layers over each other, as a container runtime does; needs root. */
  async unpack(architecture: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const keep = ['--xattrs', '--xattrs-include=*', '--same-owner', '--same-permissions'];
    for (const layer of await this.layerFiles(architecture)) await run('tar', ['-xzf', layer, ...keep, '-C', folder]);
  }

  private async image(architecture: string): Promise<Descriptor> {
    const found = (await readImages(this.layout, this.index)).find((image) => image.architecture === architecture);
    if (found === undefined) throw new Error(`${this.file} has no image for ${architecture}`);
    return found;
  }

  private async layerFiles(architecture: string): Promise<readonly string[]> {
    return (await readLayers(this.layout, await this.image(architecture))).map((layer) => this.blob(layer));
  }

  private blob({ digest }: Descriptor): string {
    return path.join(this.layout, 'blobs', ...digest.split(':'));
  }

  private async text(descriptor: Descriptor): Promise<string> {
    return readFile(this.blob(descriptor), 'utf8');
  }
}

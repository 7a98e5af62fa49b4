// SPDX-License-Identifier: Apache-2.0
// Makes container images out of folders, as OCI archives, without a registry, a daemon or root. The same folder gives
// the same bytes. Format: the OCI image specification, image-layout.md, manifest.md and config.md.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../image/command.ts';
import { installPackages } from './debian.ts';

/** How containers of an image start: the field names are those of OCI's config. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

/** An image to make. */
export interface ImageContent {
  /** With registry and tag, such as `docker.io/library/busybox:1.35`: a node asks for it by this very name. */
  readonly name: string;
  /** Its file system. Owners become root, times 1970. */
  readonly folder: string;
  readonly config: ImageConfig;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

/** Writes an image to the file `output`, which `lab load` and `ctr images import` read, and returns its digest. */
export async function writeImage({ name, folder, config }: ImageContent, output: string): Promise<string> {
  const layout = await mkdtemp(`${output}.layout-`);
  try {
    const blobs = path.join(layout, 'blobs', 'sha256');
    await mkdir(blobs, { recursive: true });
    const layerFile = path.join(layout, 'layer.tar');
    await pack(folder, ['.'], layerFile);
    const layer = await addBlob(blobs, LAYER_TYPE, await readFile(layerFile));
    await rm(layerFile);
    const configBlob = await addBlob(blobs, CONFIG_TYPE, {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    });
    const manifest = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: configBlob, layers: [layer] };
    const image = await addBlob(blobs, MANIFEST_TYPE, manifest);
    await writeIndex(layout, image, name);
    await pack(layout, ['oci-layout', 'index.json', 'blobs'], output);
    return image.digest;
  } finally {
    await rm(layout, { recursive: true });
  }
}

/** Writes an image with Debian's static busybox and a link for each of its commands: the container of most tests. */
export async function writeBusyboxImage(output: string, say: (line: string) => void): Promise<string> {
  await installPackages(['busybox-static'], say);
  const folder = await mkdtemp(`${output}.root-`);
  try {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await mkdir(path.join(folder, 'etc'));
    await mkdir(path.join(folder, 'tmp'));
    await run('chmod', ['1777', path.join(folder, 'tmp')]);
    await copyFile('/bin/busybox', path.join(bin, 'busybox'));
    for (const applet of (await run('/bin/busybox', ['--list'])).trim().split('\n')) {
      if (applet !== 'busybox') await symlink('busybox', path.join(bin, applet));
    }
    await writeFile(path.join(folder, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n');
    return await writeImage({ name: BUSYBOX_IMAGE, folder, config: { Cmd: ['/bin/sh'], Env: ['PATH=/bin'] } }, output);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Name of the image that writeBusyboxImage() makes: that of the public image with the same release of busybox, so that
 * examples run unchanged on a cluster that pulls images and in the lab, which cannot.
 */
export const BUSYBOX_IMAGE = 'docker.io/library/busybox:1.35';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

async function addBlob(blobs: string, mediaType: string, content: Buffer | object): Promise<Descriptor> {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(path.join(blobs, digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
}

async function writeIndex(layout: string, image: Descriptor, name: string): Promise<void> {
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
  };
  const index = { schemaVersion: 2, manifests: [{ ...image, annotations }] };
  await writeFile(path.join(layout, 'index.json'), JSON.stringify(index));
  await writeFile(path.join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

/** Packs entries of a folder into a tar archive; the same content gives the same bytes. */
export async function pack(folder: string, entries: readonly string[], output: string): Promise<void> {
  const draft = `${output}.part`;
  // Extended headers carry file capabilities; by default they would also carry times and tar's process id.
  const headers = ['--format=pax', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'];
  const content = ['--xattrs', '--xattrs-include=security.capability', '--sort=name', '--mtime=@0'];
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['--create', ...headers, ...content, ...owner, '-C', folder, '--file', draft, ...entries]);
  await rename(draft, output);
}

// SPDX-License-Identifier: Apache-2.0
// Makes all files of a release into a folder, once. Every step reads the tree and nothing of another step's but what is
// handed to it, and none knows the time: the same commit makes the same bytes.
import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VERSION } from '../../src/core/version.ts';
import { LINKED, LINKED_IN_SPOC } from '../image/licences.ts';
import { PLATFORMS, ownPlatform } from '../image/platforms.ts';
import { packTar } from '../image/tar.ts';
import { packChart } from './chart.ts';
import { printChangelog } from './changelog.ts';
import type { Digests } from './digests.ts';
import { digestsOf, printSums } from './digests.ts';
import { makeImage, partsOfImage } from './image.ts';
import { printKrew } from './krew.ts';
import * as names from './names.ts';
import { packNpm } from './npm-package.ts';
import type { Part } from './parts.ts';
import { linkedParts, npmParts, readLock } from './parts.ts';
import { printProvenance } from './provenance.ts';
import { printSbom } from './sbom.ts';
import type { Source } from './source.ts';
import { makeSpoc } from './spoc-packages.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** The choices of whoever makes a release. */
export interface Release {
  readonly source: Source;
  /** Where the files will be found, without a slash at its end. */
  readonly url: string;
  /** The URI of whoever makes it. */
  readonly builder: string;
}

/** The parts of others in each file. */
type Contents = ReadonlyMap<string, readonly Part[]>;

/** Tells what is being made. */
export type Say = (line: string) => void;

/**
 * Makes a release into a folder that is there and empty.
 *
 * @param scratch - a folder for the time of the making, on the disk of the output
 */
export async function makeRelease(release: Release, scratch: string, output: string, say: Say): Promise<void> {
  const { epoch } = release.source;
  say('chart, bundle and manifests');
  await makeTexts(epoch, scratch, output);
  const lock = readLock();
  const contents = new Map<string, readonly Part[]>();
  const image = names.imageName(VERSION);
  for (const platform of PLATFORMS) {
    say(`spoc for ${platform.name}`);
    const packages = await makeSpoc(platform, { version: VERSION, epoch }, scratch, output);
    const bundled = npmParts(lock, packages);
    const node = npmParts(lock, [`node_modules/${platform.nodePackage}`]);
    const ours = [...bundled, ...(await linkedParts(LINKED_IN_SPOC))];
    contents.set(names.tarballName(VERSION, platform.arch), [...ours, ...node]);
    contents.set(names.debianName(VERSION, platform.arch), [...ours, ...node]);
    contents.set(names.npmName(VERSION), ours);
    contents.set(image, [...(contents.get(image) ?? bundled), ...node]);
  }
  say('npm package');
  const licences = path.join(scratch, ownPlatform().arch, 'usr/share/doc/spoc/copyright');
  await packNpm(path.join(scratch, 'npm'), { version: VERSION, lock, licences }, output);
  say('image');
  await makeImage(path.join(output, image));
  const ofDebian = [...(await linkedParts(LINKED)), ...(await partsOfImage(path.join(output, image)))];
  contents.set(image, [...(contents.get(image) ?? []), ...ofDebian]);
  await describe(release, contents, output);
}

/** The files that need no program but tar. */
async function makeTexts(epoch: number, scratch: string, output: string): Promise<void> {
  const folder = path.join(scratch, 'texts');
  await packChart(epoch, path.join(scratch, 'chart'), path.join(output, names.chartName(VERSION)));
  await cp(path.join(ROOT, 'olm'), path.join(folder, 'olm'), { recursive: true });
  await packTar({ folder, names: ['olm'], epoch, gzip: true }, path.join(output, names.bundleName(VERSION)));
  for (const name of ['operator.yaml', 'namespace-operator.yaml', 'webhook-operator.yaml']) {
    await cp(path.join(ROOT, 'manifests', name), path.join(output, name));
  }
}

/** The files that tell of the others, each of those before it. */
async function describe({ source, url, builder }: Release, contents: Contents, output: string): Promise<void> {
  const { commit, epoch, commits, changed } = source;
  const write = async (name: string, text: (files: Digests) => string): Promise<void> =>
    writeFile(path.join(output, name), text(await digestsOf(output)));
  await write(names.FILE.changes, () => printChangelog(VERSION, epoch, commits));
  await write(names.FILE.sbom, (files) => printSbom({ version: VERSION, commit, epoch, files, contents }));
  await write(names.FILE.krew, (files) => printKrew(VERSION, url, files));
  const parts = [...new Map([...contents.values()].flat().map((part) => [JSON.stringify(part), part])).values()];
  await write(names.FILE.provenance, (files) =>
    printProvenance({ version: VERSION, commit, changed, builder, files, parts }),
  );
  await write(names.FILE.sums, printSums);
}

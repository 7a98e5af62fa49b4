// SPDX-License-Identifier: Apache-2.0
// Licences of what is linked or bundled into our own files: they ask that their text goes where the code goes. Those of
// Node.js and of the shared libraries lie beside them, see runtime.ts.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRecord, readRecord } from './json.ts';
import { place } from './tree.ts';

const root = path.join(import.meta.dirname, '..', '..');
const DOCS = 'usr/share/doc';

/** Debian packages whose static libraries are in the programs that spoc starts. */
export const LINKED_IN_SPOC: readonly string[] = [
  ...['libbpf-dev', 'libc6-dev', 'libelf-dev', 'libseccomp-dev', 'zlib1g-dev'],
];

/** The same of all compiled programs: native/bpf/binding.gyp names the libraries. */
export const LINKED: readonly string[] = [
  ...LINKED_IN_SPOC,
  ...['libaudit-dev', 'libbz2-dev', 'libcap-ng-dev', 'libpcre2-dev', 'libselinux1-dev', 'libsemanage-dev'],
  'libsepol-dev',
];

/** Puts the licences of our own code, of the npm packages in our bundles and of the libraries in our programs. */
export async function stageLicences(target: string): Promise<void> {
  await place(target, `${DOCS}/security-profiles-operator/copyright`, 0o644, { file: path.join(root, 'LICENSE') });
  await place(target, `${DOCS}/npm/copyright`, 0o644, { text: await npmLicences() });
  for (const name of LINKED) {
    const file = path.join('/', DOCS, name, 'copyright');
    if (existsSync(file)) await place(target, `${DOCS}/${name}/copyright`, 0o644, { file });
  }
}

/** One text with the licence of each package that our dependencies need at run time. */
async function npmLicences(): Promise<string> {
  const lock = await readRecord(path.join(root, 'package-lock.json'));
  const packages = isRecord(lock['packages']) ? Object.entries(lock['packages']) : [];
  const atRunTime = packages.filter(
    ([folder, entry]) => /^node_modules\//.test(folder) && isRecord(entry) && !isLeftOut(entry),
  );
  const texts = await Promise.all(atRunTime.map(([folder, entry]) => npmLicence(folder, isRecord(entry) ? entry : {})));
  return texts.join('\n');
}

function isLeftOut(entry: Readonly<Record<string, unknown>>): boolean {
  return ['dev', 'optional', 'devOptional', 'link'].some((mark) => entry[mark] === true);
}

async function npmLicence(folder: string, entry: Readonly<Record<string, unknown>>): Promise<string> {
  const names = (await readdir(path.join(root, folder))).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = await Promise.all(names.toSorted().map((name) => readFile(path.join(root, folder, name), 'utf8')));
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return [
    `${name} ${String(entry['version'])}: ${String(entry['license'])}`,
    ...texts.map((text) => text.trim()),
    '',
  ].join('\n\n');
}

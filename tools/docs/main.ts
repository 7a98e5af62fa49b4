// SPDX-License-Identifier: Apache-2.0
// `npm run docs`: builds the site into build/site, to be opened from the disk or put on any server, and the man pages
// of spoc into build/man. Faults of the pages are printed, and the status is 1; the site is written nevertheless.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '../../src/core/version.ts';
import { manPages } from './man.ts';
import { readDocuments, siteFiles } from './site.ts';

const root = path.join(import.meta.dirname, '../..');

/** Makes a folder hold these files and nothing else. */
function writeFolder(folder: string, files: ReadonlyMap<string, string | Buffer>): void {
  rmSync(path.join(root, folder), { recursive: true, force: true });
  for (const [name, content] of files) {
    const file = path.join(root, folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const documents = readDocuments(root);
const files = siteFiles(root, documents);
writeFolder('build/site', files);
writeFolder('build/man', manPages(VERSION));
for (const fault of documents.faults) console.error(fault);
console.log(`${String(files.size)} files in build/site; begin with build/site/index.html`);
process.exitCode = documents.faults.length === 0 ? 0 : 1;

// SPDX-License-Identifier: Apache-2.0
// Runs the pages of the documents as tests: a folder for each page, in which its files are written and its commands
// run, in their order. After the first block of a page that fails the others of the page are not run.
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { blocksOf } from '../../../tools/docs/blocks.ts';
import type { Block, Place } from '../../../tools/docs/blocks.ts';
import { fits } from '../../../tools/docs/expectation.ts';
import { INDEX } from '../../../tools/docs/navigation.ts';
import type { Page } from '../../../tools/docs/page.ts';
import { readDocuments } from '../../../tools/docs/site.ts';

/** Runs a command in a folder. The output is of both streams, as a terminal shows it. */
export type Shell = (command: string, folder: string) => { readonly status: number | null; readonly output: string };

const root = path.join(import.meta.dirname, '../../..');

/** README, then the pages of docs/ in the order of the navigation. */
function pagesInOrder(): readonly Page[] {
  const { pages, parts } = readDocuments(root);
  const files = parts.flatMap((part) => part.files).filter((file) => file.startsWith('docs/'));
  return ['README.md', INDEX, ...files].flatMap((file) => pages.find((page) => page.file === file) ?? []);
}

function runBlock(block: Block, folder: string, shell: Shell): void {
  if (block.type === 'skipped') return;
  if (block.type === 'file') {
    writeFileSync(path.join(folder, block.name), block.content);
    return;
  }
  for (const { command, expected } of block.steps) {
    const { status, output } = shell(expected === undefined ? `set -e\n${command}` : command, folder);
    if (expected === undefined) expect(status, `${command}\n${output}`).to.equal(0);
    else if (!fits(expected, output)) expect(output, `the output of: ${command}`).to.equal(expected);
  }
}

function isFor(place: Place, block: Block): boolean {
  return block.type === 'commands' && block.place === place;
}

function titleOf(block: Block): string {
  if (block.type === 'commands') return block.steps[0]?.command.split('\n')[0] ?? '';
  return block.type === 'file' ? `the file ${block.name}` : block.reason;
}

function runPage(page: Page, place: Place, shell: Shell, prepare: (folder: string) => void): void {
  describe(page.file, () => {
    let folder = '';
    let hasFailed = false;

    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
      prepare(folder);
    });

    after(() => rmSync(folder, { recursive: true }));

    afterEach(function () {
      hasFailed ||= this.currentTest?.state === 'failed';
    });

    for (const block of blocksOf(page).filter((each) => each.type === 'file' || isFor(place, each))) {
      it(`line ${String(block.line)}: ${titleOf(block)}`, () => {
        if (hasFailed) throw new Error('an earlier block of the page has failed');
        runBlock(block, folder, shell);
      });
    }
  });
}

/**
 * Defines the tests of all pages that have commands for a place.
 *
 * @param prepare - puts into the folder of a page whatever its commands find there
 */
export function runPages(place: Place, shell: Shell, prepare: (folder: string) => void = () => undefined): void {
  for (const page of pagesInOrder())
    if (blocksOf(page).some((block) => isFor(place, block))) runPage(page, place, shell, prepare);
}

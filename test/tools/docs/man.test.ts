// SPDX-License-Identifier: Apache-2.0
// Man pages say what help says, in a language that groff reads without a warning.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { manPages } from '../../../tools/docs/man.ts';
import { spocCommands } from '../../../tools/docs/reference/spoc.ts';

/** The page as a terminal of so many columns shows it, and groff's warnings. */
function typeset(page: string): { readonly text: string; readonly warnings: string } {
  const args = ['-ww', '-man', '-Tutf8', '-P', '-c', '-rLL=200n'];
  const { stdout, stderr, error } = spawnSync('groff', args, { input: page, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { text: stdout.replace(/.[\b]/g, ''), warnings: stderr };
}

describe('man pages', () => {
  const pages = manPages('1.2.3');

  it('are one for spoc, which is that of its second name, too, and one for each command', () => {
    const names = spocCommands().map(({ name }) => `spoc-${name}.1`);
    expect([...pages.keys()]).to.deep.equal(['spoc.1', 'kubectl-spoc.1', ...names]);
    expect(pages.get('kubectl-spoc.1')).to.equal('.so man1/spoc.1\n');
  });

  it('are read by groff without a warning, and name every option and example', () => {
    for (const { name, options, examples } of spocCommands()) {
      const { text, warnings } = typeset(pages.get(`spoc-${name}.1`) ?? '');
      expect(warnings, name).to.equal('');
      expect(pages.get(`spoc-${name}.1`), name).not.to.match(/^\.SH .*\n\.PP$/m);
      for (const { term } of [...options, ...examples]) expect(text, name).to.include(term);
    }
  });

  it('print words that begin with a dot, and backslashes, as they are', () => {
    const { text, warnings } = typeset(pages.get('spoc.1') ?? '');
    expect(warnings).to.equal('');
    expect(text).to.include('spoc 1.2.3').and.to.include('spoc record');
  });
});

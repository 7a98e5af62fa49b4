// SPDX-License-Identifier: Apache-2.0
// Pictures are SVG that loads nothing, says what the page says, and is drawn the same way each time.
import { expect } from 'chai';
import path from 'node:path';
import { pictureFiles, terminalPicture } from '../../../tools/docs/pictures.ts';

const root = path.join(import.meta.dirname, '../../..');

describe('the pictures of the documents', () => {
  it('are drawn the same way each time, and load nothing', async () => {
    const [first, second] = [await pictureFiles(root), await pictureFiles(root)];
    expect([...first]).to.deep.equal([...second]);
    for (const [file, svg] of first) {
      expect(svg.replaceAll(/http:\/\/www\.w3\.org\/[^"]*/g, ''), file).to.not.match(/https?:|<script|href=/);
      expect(svg, file).to.include('</svg>');
    }
  });

  it('show the session of the tutorial', async () => {
    const svg = (await pictureFiles(root)).get('docs/pictures/record-and-run.svg');
    expect(svg)
      .to.include('>$ sudo spoc record -o cat.yaml cat /etc/hostname</text>')
      .and.to.match(/>mkdir: .*Operation not permitted<\/text>/);
  });

  it('show text as text, and cut what is too wide', () => {
    const svg = terminalPicture([{ command: 'echo "<b>"', expected: `${'x'.repeat(200)}\n` }]);
    expect(svg)
      .to.include('>$ echo &quot;&lt;b&gt;&quot;</text>')
      .and.to.include(`${'x'.repeat(91)}…<`);
  });
});

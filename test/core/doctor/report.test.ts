// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { findingsOf, statusOf } from '../../../src/core/doctor/finding.ts';
import { findingsText, findingsValue } from '../../../src/core/doctor/report.ts';

const node = findingsOf('node');
const cluster = findingsOf('cluster');

describe('findings as text', () => {
  it('has the node first, the advice below, and counts', () => {
    const findings = [
      cluster.fail('webhooks', 'nobody answers', 'delete it'),
      node.ok('btf', 'is there'),
      node.warn('kernel', 'old', 'take a newer one'),
    ];
    expect(findingsText(findings)).to.equal(
      [
        'node',
        '  ok       btf       is there',
        '  warn     kernel    old',
        '                     -> take a newer one',
        'cluster',
        '  fail     webhooks  nobody answers',
        '                     -> delete it',
        '1 ok, 1 warning, 1 failure',
        '',
      ].join('\n'),
    );
  });

  it('passes nothing on that a terminal would obey', () => {
    const text = findingsText([cluster.fail('spod', 'a\u001b[2Jb\nc', '\u009bd')]);
    expect(text).to.contain('a\ufffd[2Jb c').and.to.contain('-> \ufffdd\n');
  });

  it('counts for programs', () => {
    const findings = [node.unknown('lsm', 'no', 'look')];
    expect(findingsValue(findings, '1.2.3')).to.deep.equal({
      version: '1.2.3',
      summary: { ok: 0, warn: 0, fail: 0, unknown: 1 },
      findings: [{ about: 'node', check: 'lsm', state: 'unknown', message: 'no', advice: 'look' }],
    });
  });
});

describe('the status for findings', () => {
  it('is 3 for a failure, with --strict also for what is not ok', () => {
    const [ok, warn] = [node.ok('a', 'b'), node.warn('a', 'b', 'c')];
    const fail = node.fail('a', 'b', 'c');
    const unknown = node.unknown('a', 'b', 'c');
    expect([[], [ok], [ok, warn], [unknown], [ok, fail]].map((all) => statusOf(all, false))).to.deep.equal([
      0, 0, 0, 0, 3,
    ]);
    expect([[], [ok], [warn], [unknown], [fail]].map((all) => statusOf(all, true))).to.deep.equal([0, 0, 3, 3, 3]);
  });
});

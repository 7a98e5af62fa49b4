// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { element, escaped } from '../../../src/core/evidence/report/markup.ts';
import { barsOf } from '../../../src/core/evidence/report/calls-table.ts';
import { reportPage } from '../../../src/core/evidence/report/page.ts';
import { ANNOTATION } from '../../../src/core/names.ts';
import type { AppArmorProfile } from '../../../src/gen/crd/app-armor-profile.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';

const SOME = ['read', 'write', 'openat', 'mmap', 'close', 'futex'];

function profile(
  names: readonly string[],
  annotations: Readonly<Record<string, string>> = {},
  name = 'web',
): SeccompProfile {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name, annotations },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [...names] }] },
  };
}

const BASE = { [ANNOTATION.addedSyscalls]: 'base syscalls: execve' };

function pageOf(profiles: readonly SeccompProfile[], earlier?: SeccompProfile): string {
  return reportPage([{ title: 'web & co', profiles, earlier: earlier === undefined ? [] : [earlier] }]);
}

describe('reportPage()', () => {
  it('tells of everything, and needs nothing else', () => {
    const page = pageOf(
      [profile(SOME, BASE), profile(SOME.slice(1), BASE), profile(['read'], BASE)],
      profile(['read', 'fork']),
    );
    for (const text of [
      '<h2>web &amp; co</h2>',
      'The recordings are whole: nothing is known to be lost.',
      '<dt>recordings</dt><dd>3</dd>',
      '1: execve',
      '<h3>Since web</h3>',
      'SCMP_ACT_ERRNO -&gt; SCMP_ACT_ALLOW',
      'Shuts out:',
      '<h3>Score: ',
      '<h3>Growth</h3>',
      'After 3 recordings 6 calls had been seen.',
      '<th class="number">of 3</th>',
      '<td><code>read</code></td><td class="number">2</td><td class="number share">67 %</td>',
      '<svg viewBox="0 0 3 10" preserveAspectRatio="none" aria-hidden="true"><path d="M0 10V0H1V10ZM2 10V0H3V10Z"></path>',
      '<li>web</li><li>web</li><li>web</li>',
    ])
      expect(page).to.include(text);
    expect(page).not.to.match(/<script|<link|https?:|url\(|@import/);
  });

  it('says what is not whole, and what is not known', () => {
    const gaps = { [ANNOTATION.recordingIncomplete]: '3 messages <b>were</b> lost' };
    expect(pageOf([profile(SOME, gaps)])).to.include('<li>3 messages &lt;b&gt;were&lt;/b&gt; lost</li>');
    const silent = pageOf([profile([])]);
    expect(silent)
      .to.include('Whether the recordings are whole is not known.')
      .and.include('1 recording is too few to tell');
    expect(silent).not.to.include('<svg');
  });

  it('lists what every recording has shown, and has a table of the rest alone', () => {
    const usual = '<ul class="usual"><li><code>read</code></li>';
    const page = pageOf([profile(['read', 'write'], BASE), profile(['read'], BASE)]);
    expect(page).to.include(`<h4>In all 2 recordings: 1</h4>${usual}`);
    expect(page.match(/<table/g)).to.have.length(1);
    const equal = pageOf([profile(['read'], BASE), profile(['read'], BASE)]);
    expect(equal).to.include(`In all 2 recordings: 1</h4>${usual}`).and.not.include('<table');
    expect(pageOf([profile(['read'], BASE)])).to.include(`In the only recording: 1</h4>${usual}`);
  });

  it('has no map of one merged profile, whose counts say the same', () => {
    const coverage = JSON.stringify({ version: 'v1', total: 4, syscalls: { read: 4, write: 1 } });
    const page = pageOf([profile(['read', 'write'], { ...BASE, [ANNOTATION.syscallCoverage]: coverage })]);
    expect(page).to.include(
      '<td><code>write</code></td><td class="number">1</td><td class="number share">25 %</td></tr>',
    );
  });

  it('leads to the sections of several workloads', () => {
    const one = { profiles: [profile(SOME, BASE)], earlier: [] };
    const page = reportPage([
      { title: 'web', ...one },
      { title: 'proxy', ...one },
    ]);
    expect(page).to.include('<a href="#workload-2">proxy</a></td><td data-name="whole">yes</td>');
    expect(page).to.include('<section id="workload-2"><h2>proxy</h2>');
    expect(reportPage([{ title: 'web', ...one }])).not.to.include('overview"');
  });

  it('stays small for 100 recordings of 200 calls', () => {
    const names = Array.from({ length: 200 }, (_, at) => `a_longer_call_${String(at)}`);
    const recordings = Array.from({ length: 100 }, (_, at) =>
      profile(
        names.filter((_name, call) => call < 100 || (call * 31 + at * 17) % 7 < 3),
        BASE,
      ),
    );
    expect(pageOf(recordings).length).to.be.below(500 * 1024);
  });
});

describe('element()', () => {
  it('lets no text become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '\0', '\u202e') }), (text) => {
        const { markup } = element('p', { title: text }, text);
        expect(markup).to.match(/^<p title="[^<>"']*">[^<>"']*<\/p>$/);
        expect(markup).not.to.match(/[\0\u202e]/);
      }),
    );
    expect(escaped('a & b')).to.equal('a &amp; b');
  });
});

describe('barsOf()', () => {
  it('makes columns beside each other that are alike one bar, and none where nothing was seen', () => {
    expect(barsOf([1, 1, 0, 0.5])).to.deep.equal([
      { from: 0, to: 2, height: 1 },
      { from: 3, to: 4, height: 0.5 },
    ]);
    expect(barsOf([])).to.deep.equal([]);
  });
});

describe('a report on profiles of AppArmor', () => {
  it('tells by name what has changed, and gives no score', () => {
    const recorded = (executables: readonly string[]): AppArmorProfile => ({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'AppArmorProfile',
      metadata: { name: 'web' },
      spec: { abstract: { executable: { allowedExecutables: [...executables] } } },
    });
    const [now, before] = [recorded(['/bin/a']), recorded(['/bin/b'])];
    const page = reportPage([{ title: 'web', profiles: [now], earlier: [before] }]);
    expect(page).to.match(/Lets in:\n[^]*\/bin\/a[^]*Shuts out:\n[^]*\/bin\/b/);
    expect(page).not.to.include('Score');
    expect(reportPage([{ title: 'web', profiles: [now], earlier: [now] }])).to.include('Nothing has changed.');
  });
});

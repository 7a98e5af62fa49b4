// SPDX-License-Identifier: Apache-2.0
// Paths and policies that were made to be expensive: each is as large as its schema lets it be. A reading whose time
// grows with the square of the length would take minutes here, and mocha would end it.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { MOST_STATES, statesOf } from '../../../src/core/apparmor/automaton-size.ts';
import { Coverage } from '../../../src/core/apparmor/covers.ts';
import { readPattern } from '../../../src/core/apparmor/pattern.ts';
import type { Pattern } from '../../../src/core/apparmor/pattern.ts';
import { renderProfile } from '../../../src/core/apparmor/render.ts';
import type { FileRule } from '../../../src/core/apparmor/spec.ts';

const READ = { read: true, write: false, map: false, execute: false };
const POLICY_LENGTH = 500_000;
const PATH_LENGTH = 4096;
/** Paths of that length in an object that etcd takes. */
const PATHS = 340;

function rendered(...rules: readonly string[]): readonly string[] {
  const policy = `profile web {\n${rules.join('\n')}\n}\n`;
  expect(policy.length).to.be.within(POLICY_LENGTH * 0.6, POLICY_LENGTH);
  return renderProfile('web', { policy }).warnings;
}

function pattern(text: string): Pattern {
  const { pattern: read, fault } = readPattern(text);
  if (read === undefined) throw new Error(fault);
  return read;
}

describe('expensive patterns', function () {
  this.timeout(120_000);

  it('are read in time that their length takes', () => {
    const wildcards = pattern(`/${'*'.repeat(POLICY_LENGTH)}`);
    expect(wildcards).to.have.length(1 + POLICY_LENGTH / 2);
    expect(wildcards.slice(1).map((item) => item.type === 'any' && item.least)).to.deep.equal([
      1,
      ...Array.from({ length: POLICY_LENGTH / 2 - 1 }, () => 0),
    ]);
    expect(pattern('/*'.repeat(POLICY_LENGTH / 2))).to.have.length(POLICY_LENGTH);
  });

  it('are compared no longer than the budget lasts, and are not held for covered then', () => {
    const stars = pattern(`/${'a*'.repeat(400)}`);
    const budget = { steps: 20_000 };
    expect(new Coverage([stars]).covers(pattern(`/${'a'.repeat(800)}`), budget)).to.equal(false);
    expect(budget.steps).to.be.within(-1000, 0);
    expect(new Coverage([stars]).covers(pattern(`/${'a'.repeat(800)}`))).to.equal(true);
    const without = new Coverage([stars], { steps: 500 });
    expect(without.covers(pattern(`/${'a'.repeat(800)}`))).to.equal(false);
    expect(without.covers(stars), 'the same').to.equal(true);
  });

  it('of variables are not compared where they stand for too much', () => {
    const ids = '@{pid}'.repeat(600);
    expect(new Coverage([pattern('/**')]).covers(pattern(`/${ids}`))).to.equal(false);
    expect(new Coverage([pattern('/**')]).covers(pattern('/@{pid}'))).to.equal(true);
  });

  it('cost a policy no minutes, however many and long they are', () => {
    expect(rendered(`audit deny /${'@{pid}'.repeat(70_000)} w,`, 'deny /b w,')).to.deep.equal([]);
    expect(rendered(`audit deny /${'a*'.repeat(100_000)} w,`, `deny /${'b*'.repeat(100_000)} w,`)).to.deep.equal([]);
    const pairs = Array.from({ length: 8000 }, (_, i) => `audit deny /a${String(i)}/* w,\ndeny /b${String(i)}/* w,`);
    expect(rendered(...pairs)).to.deep.equal([]);
    const nested = `audit deny /${'{a,'.repeat(120_000)}b${'}'.repeat(120_000)} w,`;
    expect(rendered(nested)).to.deep.equal([]);
  });
});

describe('the size of an automaton of long paths', function () {
  this.timeout(120_000);

  it('is given up for too large with 64 MiB of memory', () => {
    const from = path.join(import.meta.dirname, '../../../src/core/apparmor/render.ts');
    const readOnlyPaths = `Array.from({ length: ${String(PATHS)} }, (_, i) => '/' + i + '/' + '*'.repeat(${String(PATH_LENGTH - 5)}))`;
    const program = `
      const { renderProfile } = await import(${JSON.stringify(from)});
      const paths = ${readOnlyPaths};
      console.log(renderProfile('a', { abstract: { filesystem: { readOnlyPaths: paths } } }).text.length);
      const names = paths.map((path, at) => path.replaceAll('*', () => String.fromCharCode(97 + ((at = (at * 75 + 74) % 65537) % 26))));
      try { renderProfile('a', { abstract: { filesystem: { readOnlyPaths: names } } }); } catch (error) { console.log(error.message); }`;
    const args = ['--max-old-space-size=64', '--input-type=module', '-e', program];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    const [length, refusal] = stdout.split('\n');
    expect(Number(length)).to.be.above(PATHS * (PATH_LENGTH - 10));
    expect(refusal).to.contain('more than 60,000');
  });

  it('is that of the beginnings which differ in what follows', () => {
    const modesOf = (text: string): string => (text.includes('/3-') ? 'rw' : 'r');
    const texts = Array.from({ length: 4000 }, (_, i) => `/${String(i).padStart(4, '0')}/w5/share/${String(i % 9)}-51`);
    const rules = new Map(texts.map((text) => [text, { pattern: [], access: READ, owned: false }]));
    const textOf = new Map<FileRule, string>(Array.from(rules, ([text, rule]) => [rule, text]));
    const following = new Map<string, string>();
    for (const text of texts)
      for (let length = 0; length <= text.length; length += 1) {
        const beginning = text.slice(0, length);
        following.set(beginning, `${following.get(beginning) ?? ''}${text.slice(length)} ${modesOf(text)}\n`);
      }
    expect(following.size).to.be.above(MOST_STATES);
    expect(statesOf(rules, (rule) => modesOf(textOf.get(rule) ?? ''))).to.equal(new Set(following.values()).size);
  });
});

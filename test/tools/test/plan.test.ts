// SPDX-License-Identifier: Apache-2.0
// The plan of `npm test` against the files that there are: none is forgotten, and none runs twice.
import { expect } from 'chai';
import { globSync } from 'node:fs';
import path from 'node:path';
import { choose, PLAN, tasksOf } from '../../../tools/test/plan.ts';
import type { Suite } from '../../../tools/test/plan.ts';

const root = path.join(import.meta.dirname, '../../..');
const choice = { fast: false, suites: [], labIsBuilt: false };

function filesOf({ command }: { readonly command: readonly string[] }): readonly string[] {
  return command.filter((word) => word.endsWith('.test.ts'));
}

describe('the plan of npm test', () => {
  const tasks = choose(PLAN, choice, root);

  it('runs every test file once, and those of emulated nodes where they are asked for', () => {
    const all = globSync('test/**/*.test.ts', { cwd: root }).sort();
    const onRequest = globSync('test/guests/*.test.ts', { cwd: root });
    const files = tasks.flatMap(filesOf);
    expect([...files].sort()).to.deep.equal(all.filter((file) => !onRequest.includes(file)));
    const asked = choose(PLAN, { ...choice, suites: ['guests'], labIsBuilt: true }, root).flatMap(filesOf);
    expect(asked).to.have.members(onRequest);
  });

  it('has one name for each task, and waits for nothing that it does not have', () => {
    const names = tasks.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { name, after = [] } of tasks) expect(names, name).to.include.members([...after]);
  });

  it('builds the programs of the lab only where a test needs them and they are not there', () => {
    const types = (suites: readonly string[], labIsBuilt = false) =>
      choose(PLAN, { ...choice, suites, labIsBuilt }, root).map(({ type }) => type);
    expect(types(['e2e'])).to.deep.equal(['build', 'tests', 'tests']);
    expect(types(['cli'])).to.deep.equal(['tests', 'tests']);
    expect(types(['e2e'], true)).to.deep.equal(['tests', 'tests']);
  });

  it('has the checks and what needs no more than a process for `npm run check`', () => {
    const names = choose(PLAN, { ...choice, fast: true }, root).map(({ name }) => name);
    expect(names).to.have.members(['format', 'lint', 'types', 'layers', 'generated', 'core', 'core: laws', 'fast']);
  });

  it('begins with what takes longest', () => {
    const times = tasks.map(({ seconds }) => seconds);
    expect(times).to.deep.equal([...times].sort((a, b) => b - a));
  });
});

describe('tasksOf()', () => {
  const files = ['test/tools/test/*.test.ts'];
  const one = { load: 1, seconds: 1 };
  const suite = (...parts: Suite['parts']): Suite => ({ name: 'few', files, real: false, parts });

  it('gives the part without names what the others leave', () => {
    const named = { ...one, name: 'plan', files: ['test/tools/test/plan.test.ts'] };
    const [rest, plans] = tasksOf(suite(one, named), root);
    expect(filesOf(rest!))
      .to.include('test/tools/test/schedule.test.ts')
      .and.not.include('test/tools/test/plan.test.ts');
    expect([plans?.name, filesOf(plans!)]).to.deep.equal(['few: plan', ['test/tools/test/plan.test.ts']]);
  });

  it('refuses a part whose files are not there, or are in another part', () => {
    const part = { ...one, name: 'gone', files: ['test/tools/test/gone.test.ts'] };
    expect(() => tasksOf(suite(part), root)).to.throw('there is no test/tools/test/gone.test.ts (suite few)');
    const all = { ...one, files };
    expect(() => tasksOf(suite(all, all), root)).to.throw('is in two parts of the suite few');
  });
});

// SPDX-License-Identifier: Apache-2.0
// The workflows of GitHub run what contributors run, may write nothing, and end by themselves.
import { expect } from 'chai';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '../..');

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly { readonly run?: string }[] }>
  >;
}

describe('the workflows of GitHub', () => {
  const files = globSync('.github/workflows/*.yaml', { cwd: root }).sort();
  const workflows = new Map(
    files.map((file) => [path.basename(file), parse(readFileSync(path.join(root, file), 'utf8')) as Workflow]),
  );

  it('test by the one command of contributors', () => {
    const lines = workflows.get('test.yaml')?.jobs['test']?.steps.flatMap(({ run = [] }) => run);
    expect(lines).to.deep.equal(['.ci/run']);
    expect(readFileSync(path.join(root, '.ci/run'), 'utf8')).to.match(/^exec npm test$/m);
  });

  it('have a token that can only read, or sign as the workflow that releases, and a limit of time', () => {
    for (const [name, { permissions, jobs }] of workflows) {
      const signs = name === 'release.yaml' ? { 'id-token': 'write' } : {};
      expect(permissions, name).to.deep.equal({ contents: 'read', ...signs });
      for (const job of Object.values(jobs)) expect(job['timeout-minutes'], name).to.be.a('number');
    }
  });
});

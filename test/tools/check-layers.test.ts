// SPDX-License-Identifier: Apache-2.0
// A check that cannot fail is none: each house rule is broken here once.
import { expect } from 'chai';
import { findViolations } from '../../tools/check-layers.ts';

const head = '// SPDX-License-Identifier: Apache-2.0\n// Why it exists.\n';

function reasons(file: string, text: string): readonly string[] {
  return findViolations([{ file, text: head + text }]).map((violation) => violation.reason);
}

describe('check-layers', () => {
  it('lets a handler import runtime, core and generated code', () => {
    const text =
      "import { a } from '../runtime/queue.ts';\nimport { b } from '../core/names.ts';\nimport '../gen/kinds.ts';\n";
    expect(reasons('src/handlers/spod.ts', text)).to.deep.equal([]);
  });

  it('refuses a handler that imports io', () => {
    expect(reasons('src/handlers/spod.ts', "import { disk } from '../io/disk.ts';\n")).to.deep.equal([
      'handlers must not import io (../io/disk.ts)',
    ]);
  });

  it('refuses io that imports a handler, over several lines', () => {
    expect(reasons('src/io/disk.ts', "import {\n  Spod,\n} from '../handlers/spod.ts';\n")).to.have.length(1);
  });

  it('refuses a dynamic import across layers', () => {
    expect(reasons('src/cli/run.ts', "const io = await import('../io/runner.ts');\n")).to.have.length(1);
  });

  it('refuses core that imports node or a package', () => {
    expect(reasons('src/core/names.ts', "import fs from 'node:fs';\nimport yaml from 'yaml';\n")).to.have.length(2);
  });

  it('refuses handlers that know each other', () => {
    expect(reasons('src/handlers/spod.ts', "import { Node } from './node.ts';\n")).to.have.length(1);
  });

  it('refuses handlers of one process that import those of the other, and sources that import either', () => {
    expect(reasons('src/handlers/node/node-status.ts', "import { S } from '../manager/spod/spod.ts';\n")).to.deep.equal(
      ['handlers/node must not import handlers/manager (../manager/spod/spod.ts)'],
    );
    expect(
      reasons('src/handlers/manager/spod/spod.ts', "import { N } from '../../node/node-status.ts';\n"),
    ).to.have.length(1);
    expect(reasons('src/handlers/sources/pods.ts', "import { N } from '../node/node-status.ts';\n")).to.have.length(1);
    expect(reasons('src/handlers/node/node-status.ts', "import { S } from '../sources/pods.ts';\n")).to.deep.equal([]);
  });

  it('refuses imports that leave src', () => {
    expect(reasons('src/io/disk.ts', "import { x } from '../../tools/build.ts';\n")).to.have.length(1);
  });

  it('refuses names that say nothing, long files, headless files and undocumented exports', () => {
    expect(reasons('src/core/utils.ts', '')).to.deep.equal(['has a name that says nothing']);
    expect(reasons('src/core/names.ts', '\n'.repeat(300))[0]).to.match(/more than 300/);
    expect(findViolations([{ file: 'tools/x.ts', text: 'const a = 1;\n' }])).to.have.length(1);
    expect(reasons('src/core/names.ts', 'export const group = 1;\n')[0]).to.match(
      /exports group without a doc comment/,
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
// A check that cannot fail is none: each house rule is broken here once.
import { expect } from 'chai';
import { findViolations } from '../../tools/check-layers.ts';

const head = '// SPDX-License-Identifier: Apache-2.0\n// Why it exists.\n';

function circles(files: Readonly<Record<string, string>>): readonly string[] {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text: head + text }));
  return findViolations(sources).map(({ file, reason }) => `${file} ${reason}`);
}

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

  it('refuses webhooks that know each other, but for the language that all of them speak', () => {
    expect(reasons('src/admission/binding.ts', "import { R } from './recording.ts';\n")).to.have.length(1);
    expect(reasons('src/admission/binding.ts', "import { R } from './review.ts';\n")).to.deep.equal([]);
    expect(reasons('src/admission/binding.ts', "import { P } from '../handlers/sources/pods.ts';\n")).to.have.length(1);
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

  it('refuses folders of seccomp, roles and io that import against their order', () => {
    const { meaning, process, kube } = {
      meaning: reasons('src/core/seccomp/meaning/union.ts', "import { m } from '../libseccomp/masks.ts';\n"),
      process: reasons('src/roles/process/probes.ts', "import { w } from '../wiring/daemon.ts';\n"),
      kube: reasons('src/io/kube/transport.ts', "import { s } from '../http/server.ts';\n"),
    };
    expect(meaning).to.deep.equal([
      'core/seccomp/meaning must not import core/seccomp/libseccomp (../libseccomp/masks.ts)',
    ]);
    expect([process, kube].map(({ length }) => length)).to.deep.equal([1, 1]);
    expect(reasons('src/io/kube/transport.ts', "import { log } from '../log.ts';\n")).to.deep.equal([]);
    expect(
      reasons('src/core/seccomp/libseccomp/masks.ts', "import { v } from '../meaning/verdict.ts';\n"),
    ).to.deep.equal([]);
  });

  it('refuses circles of imports, of types and of includes, and names them once', () => {
    const [a, b] = ["import type { B } from './b.ts';\n", "import { c } from './c.ts';\n"];
    expect(circles({ 'src/core/a.ts': a, 'src/core/b.ts': b, 'src/core/c.ts': "import './a.ts';\n" })).to.deep.equal([
      'src/core/a.ts is in a circle of imports: src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts',
    ]);
    const [one, two] = ['native/bpf/src/x/one.h', 'native/bpf/src/x/two.h'];
    expect(circles({ [one]: '#include "x/two.h"\n', [two]: '#include "one.h"\n' })).to.have.length(1);
    expect(circles({ [one]: '#include "x/two.h"\n#include <stdio.h>\n', [two]: '' })).to.deep.equal([]);
  });

  it('refuses wide comments, and sentences that begin with a pronoun', () => {
    expect(reasons('tools/x.ts', `// ${'wide '.repeat(24)}\n`)).to.deep.equal([
      'has a comment beyond 120 columns (line 3)',
    ]);
    const indirect = [
      '// Whoever asks waits.',
      ' * Done. What is left stays.',
      '/** Who: the user. */',
      ' * @param a - What',
    ];
    for (const line of indirect) expect(reasons('tools/x.ts', `${line}\n`)[0]).to.match(/sentence begins with Wh/);
    const direct = [
      '// It says what is left, and who asked.',
      '// Somewhat',
      "const text = '// What';",
      '// Whole files.',
    ];
    for (const line of direct) expect(reasons('tools/x.ts', `${line}\n`), line).to.deep.equal([]);
  });
});

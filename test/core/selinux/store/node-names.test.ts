// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { explainTargets, checkSteps } from '../../../../src/core/selinux/store/checked-steps.ts';
import { marked } from '../../../../src/core/selinux/store/mark.ts';
import { unknownNames } from '../../../../src/core/selinux/store/node-names.ts';
import type { NodeNames } from '../../../../src/core/selinux/store/node-names.ts';
import type { Step } from '../../../../src/core/selinux/store/transaction.ts';

const CLASSES: Readonly<Record<string, readonly string[]>> = { file: ['read', 'open'], process: ['signal'] };
const TYPES: readonly string[] = ['etc_t', 'web_n.process'];

const NODE: NodeNames = {
  hasClass: (name) => name in CLASSES,
  hasPermission: (objectClass, name) => CLASSES[objectClass]?.includes(name),
  hasType: (name) => TYPES.includes(name),
};

/** A node of which nothing is known. */
const SILENT: NodeNames = { hasClass: () => undefined, hasPermission: () => undefined, hasType: () => undefined };

function install(name: string, body: string, kind = 'SelinuxProfile'): Step & { readonly type: 'install' } {
  const text = marked(`(block ${name}\n(blockinherit container)\n${body}\n)\n`, { kind, namespace: 'n', name });
  return { type: 'install', file: { name, text, checksum: name } };
}

function unknown(body: string, kind?: string, node = NODE): ReturnType<typeof unknownNames> {
  return unknownNames(install('x_n', body, kind).file, node);
}

const NONE = { faults: [], targets: [] };

describe('core/selinux/store/node-names', () => {
  it('finds classes and permissions that the node lacks, with their places', () => {
    expect(
      unknown('(allow process etc_t ( file ( fly open read )))\n(allow process self ( io_uring ( cmd )))').faults,
    ).to.deep.equal([
      'the policy of this node has no permission "fly" of the class "file" at x_n.cil:3',
      'the policy of this node has no class "io_uring" at x_n.cil:4',
    ]);
  });

  it('leaves to the compiler what may be a map of classes, an expression, or not in effect', () => {
    expect(unknown('(allow process etc_t (files (fly)))', 'RawSelinuxProfile')).to.deep.equal(NONE);
    expect(unknown('(allow process etc_t (file (not (fly))))\n(allow process etc_t (file (all)))')).to.deep.equal(NONE);
    expect(unknown('(optional o (allow process none_t (file (fly))))')).to.deep.equal(NONE);
    expect(unknown('(allow process etc_t permissions)')).to.deep.equal(NONE);
  });

  it('tells targets that are no types of the node, and none of its own', () => {
    const body = [
      'none_t',
      '.none_t',
      'self',
      'process',
      'x_n.process',
      'own_t',
      'inner.a_t',
      '.etc_t',
      'web_n.process',
    ]
      .map((target) => `(allow process ${target} (file (read)))`)
      .join('\n');
    expect(unknown(`(type own_t)\n(block inner (type a_t))\n${body}`)).to.deep.equal({
      faults: [],
      targets: ['none_t', '.none_t'],
    });
  });

  it('knows nothing where the kernel tells nothing', () => {
    expect(unknown('(allow process none_t (none (none)))', undefined, SILENT)).to.deep.equal(NONE);
  });
});

describe('core/selinux/store/checked-steps', () => {
  const rule = (target: string, permission = 'read'): string => `(allow process ${target} (file (${permission})))`;
  const namesIn = (steps: readonly Step[]): readonly string[] =>
    steps.map((step) => (step.type === 'install' ? step.file.name : `-${step.name}`));

  it('does all at once where nothing is doubtful', () => {
    const steps = [
      install('a_n', rule('etc_t')),
      install('b_n', rule('a_n.process')),
      { type: 'remove', name: 'c_n' } as const,
    ];
    const { sound, doubtful, failures } = checkSteps(steps, NODE);
    expect(namesIn(sound)).to.deep.equal(['a_n', 'b_n', '-c_n']);
    expect([doubtful.length, failures.size]).to.deep.equal([0, 0]);
  });

  it('leaves out what no compiler takes, and puts what is doubtful behind with those that need it', () => {
    const steps = [
      install('bad_n', rule('etc_t', 'fly')),
      install('odd_n', rule('none_t')),
      install('good_n', rule('etc_t')),
      install('heir_n', '(blockinherit odd_n)'),
      install('next_n', '(blockinherit heir_n)'),
      { type: 'remove', name: 'c_n' } as const,
    ];
    const { sound, doubtful, failures, targets } = checkSteps(steps, NODE);
    expect(namesIn(sound)).to.deep.equal(['good_n']);
    expect(namesIn(doubtful)).to.deep.equal(['odd_n', 'heir_n', 'next_n', '-c_n']);
    expect(failures.get('bad_n')?.isOwn).to.equal(true);
    const told = explainTargets(
      new Map([
        ['odd_n', { reason: 'Failed to resolve', isOwn: true }],
        ['heir_n', { reason: 'Failed too', isOwn: true }],
      ]),
      targets,
    );
    expect(told.get('odd_n')?.reason).to.equal('Failed to resolve; the policy of this node has no type none_t');
    expect(told.get('heir_n')?.reason).to.equal('Failed too');
  });
});

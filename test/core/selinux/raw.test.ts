// SPDX-License-Identifier: Apache-2.0
// Raw policies: read as compilers read them, refused with the place and the reason, printed so that nothing leaves the
// block, and warned of.
import { expect } from 'chai';
import fc from 'fast-check';
import { Rejected } from '../../../src/core/errors.ts';
import { readCil } from '../../../src/core/selinux/cil.ts';
import type { CilNode } from '../../../src/core/selinux/cil.ts';
import { printCil } from '../../../src/core/selinux/cil-text.ts';
import { explainCompilerMessage } from '../../../src/core/selinux/compiler-message.ts';
import type { SelinuxLimit } from '../../../src/core/selinux/limits.ts';
import { renderRawCil } from '../../../src/core/selinux/raw.ts';
import type { RenderedCil } from '../../../src/core/selinux/render.ts';
import { ACCEPTED, inheriting, POLICIES, REFUSED } from '../../golden/selinux/raw-policies.ts';

function render(policy: string, limit: SelinuxLimit = {}): RenderedCil {
  return renderRawCil({ metadata: { name: 'x', namespace: 'y' }, spec: { policy } }, { limit });
}

function refusal(policy: string, limit?: SelinuxLimit): string {
  try {
    render(policy, limit);
    return 'none';
  } catch (error) {
    if (error instanceof Rejected) return error.message;
    throw error;
  }
}

type Bare = string | readonly Bare[];

function bare(node: CilNode): Bare {
  return node.kind === 'word' ? node.text : node.items.map(bare);
}

function bareOf(text: string): readonly Bare[] {
  return readCil(text).statements.map(bare);
}

/** Lines of the statements' words, in order. */
function linesIn(nodes: readonly CilNode[]): readonly number[] {
  return nodes.flatMap((node) => (node.kind === 'word' ? [node.line] : [node.line, ...linesIn(node.items)]));
}

describe('core/selinux/raw', () => {
  it('puts a policy of udica into its block, in the lines of the user', () => {
    const policy = '; made by udica\n(blockinherit container)\n\n(allow process "etc_t" ( file ( read ))) ; why\n';
    expect(render(policy)).to.deep.equal({
      block: 'x_y',
      cil: '(block x_y\n\n(blockinherit container)\n\n(allow process etc_t(file(read)))\n)\n',
      warnings: [],
    });
  });

  it('has at least two hundred policies to try', () => {
    expect(POLICIES).to.be.at.least(200);
  });

  for (const [reason, policies] of Object.entries(REFUSED)) {
    it(`refuses: ${reason}`, () => {
      for (const policy of policies) {
        const message = refusal(policy);
        expect(message, policy.slice(0, 200)).to.include(reason);
        expect(message).to.match(/^profile x: spec\.policy: line \d+/);
      }
    });
  }

  it('accepts what compilers accept, and keeps its words and lines', () => {
    for (const policy of ACCEPTED.map(inheriting)) {
      expect(refusal(policy), policy).to.equal('none');
      const printed = render(policy).cil;
      expect(bareOf(printed), policy).to.deep.equal([['block', 'x_y', ...bareOf(policy)]]);
      const lines = linesIn(readCil(policy).statements).map((line) => line + 1);
      expect(linesIn(readCil(printed).statements).slice(3), policy).to.deep.equal(lines);
      expect(printed.split('\n').some((line) => line.startsWith(';'))).to.equal(false);
    }
  });

  it('keeps messages short, whatever the policy', () => {
    const long = 'a'.repeat(100_000);
    expect(refusal(`(${long})`).length).to.be.below(1000);
    expect(refusal(`(allow process "${long}(" (file (read)))`).length).to.be.below(1000);
    expect(refusal(`(foo)`.repeat(1000)).length).to.be.below(4000);
    const { warnings } = render('(allow spc_t etc_t (file (read)))\n'.repeat(1000));
    expect(warnings).to.have.lengthOf(21);
    expect(warnings.at(-1)).to.equal('and 981 more');
  });

  it('names the place', () => {
    expect(refusal('(type a)\n  (type ä)')).to.include('line 2, column 9: the character U+00E4');
    expect(refusal('(type a)\n(optional o\n\t(block b))')).to.include('line 3, column 2: block is not allowed');
    expect(refusal('(type a)\n(type b) )')).to.include('line 2, column 10');
    expect(refusal('(type a)\n (block b')).to.include('line 2, column 2: a parenthesis that is not closed');
  });

  describe('warns', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['(type a)', 'nothing declares the type process'],
      ['(type process)', 'no roletype names process'],
      ['(in container (type a))', 'in changes container and every policy that inherits it'],
      ['(in after container (type a))', 'in changes container'],
      ['(type user_home_t)', 'rules that are inherited then mean this user_home_t'],
      ['(deny process etc_t (file (read)))', 'deny takes permissions out of other rules, and needs libsepol 3.6'],
      ['(optional o (blockinherit log_container))', 'where log_container is missing, nothing is inherited'],
      ['(allow spc_t etc_t (file (read)))', 'allow changes spc_t, which is not of this block'],
      ['(allow .process2 etc_t (file (read)))', 'allow changes .process2, which is not of this block'],
      ['(typeattributeset domain (process))', 'adds to domain, whose rules then hold'],
      ['(allow process etc_t (file (all)))', 'may mean every permission of file'],
      ['(allow process self (capability (chown)))', 'the class capability is a risk for the node'],
    ];
    for (const [policy, warning] of cases) {
      it(warning, () => {
        expect(render(policy).warnings.join('\n')).to.include(warning);
      });
    }

    it('not of what stays in the block', () => {
      const policy =
        '(type process) (roletype system_r process) (type a) (typeattribute b) (typeattributeset b (a))\n' +
        '(allow a process (process (signal))) (allow x_y.process a (file (read)))\n' +
        '(macro m ((type t)) (allow t a (file (read)))) (call m (process))\n' +
        '(block i (type c) (allow c a (file (read)))) (allow i.c a (file (read)))';
      expect(render(policy).warnings).to.deep.equal([]);
    });
  });

  it('refuses what the cluster denies, also where an expression may mean it', () => {
    const limit: SelinuxLimit = { deniedTypes: ['etc_t'], deniedPermissions: ['execute'] };
    expect(refusal('(allow process etc_t (file (read)))', limit)).to.include(
      'line 1: the cluster denies profiles the type',
    );
    expect(refusal('(allow process a_t (file (all)))', limit)).to.include('the permission execute');
    expect(refusal('(allow process a_t (file (read)))', limit)).to.equal('none');
    expect(
      refusal('(allow process security_t (security (all)))', {
        allowedPermissions: ['load_policy', 'setenforce', 'setbool', 'setsecparam'],
      }),
    ).to.equal('none');
  });

  it('finds denied types and classes behind names', () => {
    const limit: SelinuxLimit = { deniedTypes: ['secret_t'], deniedClasses: ['dir'] };
    for (const policy of [
      '(classpermission c) (classpermissionset c (file (read))) (allow process secret_t c)',
      '(typealias a) (typealiasactual a secret_t)',
      '(typeattribute z) (typeattributeset z (secret_t))',
      '(typeattribute z) (typeattributeset z (not etc_t))',
      '(typeattributeset secret_t (process))',
      '(macro m ((type t)) (allow process t (file (read)))) (call m (secret_t))',
    ]) {
      expect(refusal(policy, limit), policy).to.include('the cluster denies profiles the type secret_t');
    }
    expect(refusal('(macro m ((class c)) (allow process etc_t (c (read)))) (call m (dir))', limit)).to.include(
      'the cluster denies profiles the class dir',
    );
    expect(refusal('(typeattribute z) (typeattributeset z (and domain (not secret_t)))', limit)).to.equal('none');
    expect(render('(typealias a) (typealiasactual a kernel_t)').warnings.join()).to.include(
      'the type kernel_t is a risk',
    );
  });

  it('does not copy the names around each of thousands of macros', () => {
    const macros = Array.from(
      { length: 20_000 },
      (_, at) => `(macro m${String(at)} ((type a)) (allow a a (file (read))))`,
    );
    // Minutes, if each had all names of the block for itself.
    expect(render(`(type process)${macros.join('')}`).warnings).to.have.length(1);
  });

  describe('bounds what compilers make of it:', () => {
    const LARGE = 'copies of macros, blocks or attributes come to more than 100000 words';
    const chain = (first: string, step: (at: string, before: string) => string): string =>
      [first, ...Array.from({ length: 18 }, (_, at) => step(String(at + 1), String(at)))].join('\n');
    const cases: Readonly<Record<string, string>> = {
      calls: chain('(macro m0 ())', (at, before) => `(macro m${at} () (call m${before}) (call x_y.m${before}))`),
      'calls in optionals and branches': chain(
        '(macro m0 ())',
        (at, before) => `(macro m${at} () (optional o (call m${before})) (booleanif virt_on (true (call m${before}))))`,
      ),
      'calls in blocks': chain(
        '(block b0 (macro m ()))',
        (at, before) => `(block b${at} (macro n${at} () (call n${before}) (call n${before})))`,
      ),
      inheritance: chain(
        '(block b0)',
        (at, before) => `(block b${at} (block x (blockinherit b${before})) (block y (blockinherit b${before})))`,
      ),
      'inheritance by in': chain(
        '(block b0)',
        (at, before) => `(block b${at}) (in b${at} (blockinherit b${before}) (block y (blockinherit b${before})))`,
      ),
      attributes: chain(
        '(typeattribute a0)',
        (at, before) => `(typeattribute a${at}) (typeattributeset a${at} (or a${before} (a${before})))`,
      ),
      'attributes by macros': chain(
        '(typeattribute a0)',
        (at, before) =>
          `(typeattribute a${at}) (macro m${at} ((type t)) (typeattributeset a${at} (t t))) (call m${at} (a${before}))`,
      ),
    };
    for (const [name, policy] of Object.entries(cases)) {
      it(name, () => {
        expect(refusal(policy))
          .to.match(/line 1\d, column \d+: /)
          .and.to.include(LARGE);
        expect(refusal(policy.split('\n').slice(0, 9).join('\n'))).to.equal('none');
      });
    }

    it('no circles', () => {
      for (const policy of [
        '(macro m () (call m))',
        '(macro m () (call n)) (macro n () (optional o (call m)))',
        '(block b (blockinherit b))',
        '(block b (blockinherit x_y))',
        '(typeattribute a) (typeattribute b) (typeattributeset a (b)) (typeattributeset b (a))',
      ]) {
        expect(refusal(policy), policy).to.match(/line 1, column \d+: .*copies itself/);
      }
      expect(refusal('(macro m ((type t)) (typeattributeset t (process)))')).to.include('a parameter of the macro');
    });

    it('no long way, and not the size of what is written out', () => {
      const long = Array.from({ length: 1200 }, (_, at) => `(macro m${String(at + 1)} () (call m${String(at)}))`);
      expect(refusal(long.join('\n'))).to.include('more than 1000 macros, blocks or attributes through one another');
      expect(refusal('(allow process etc_t (file (read)))\n'.repeat(20_000))).to.equal('none');
      expect(refusal(`(typeattributeset domain (${'etc_t '.repeat(150_000)}))`)).to.equal('none');
    });
  });

  it('reads any text without failing, and prints what reads the same', () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('(', ')', ' ', '\n', '"', ';', ';;*', ' lme', ' lmx 1 f', '\r\n', '\r') },
      {
        weight: 4,
        arbitrary: fc.constantFrom('allow', 'process', 'etc_t', 'file', 'read', 'block', 'type', 'optional'),
      },
      { weight: 1, arbitrary: fc.string() },
    );
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (policy) => {
        const { statements, fault } = readCil(policy);
        refusal(policy);
        if (fault !== undefined) return;
        const printed = printCil(statements);
        expect(readCil(printed).fault).to.equal(undefined);
        expect(bareOf(printed)).to.deep.equal(bareOf(policy));
      }),
      { numRuns: 2000 },
    );
  });

  it('leads a message of the compiler back to the entry of the object', () => {
    const cil = '(block web_ns\n(blockinherit container)\n(allow process self ( process ( fork )))\n)\n';
    const at = (line: number): string => `at /var/lib/selinux/x/tmp/modules/400/web_ns/cil:${String(line)}`;
    const explain = (message: string, isRaw = false): string =>
      explainCompilerMessage(message, { block: 'web_ns', cil, isRaw });
    expect(explain(`Failed to resolve allow statement ${at(3)}`)).to.equal(
      'Failed to resolve allow statement at spec.allow["@self"].process',
    );
    expect(explain(`Failed ${at(2)}`)).to.equal('Failed at spec.inherit (container)');
    expect(explain(`Failed ${at(9)}`)).to.equal('Failed at spec');
    expect(explain(`Failed ${at(3)}`, true)).to.equal('Failed at spec.policy, line 2');
    expect(explain('Failed at other_ns.cil:3')).to.equal('Failed at other_ns.cil:3');
    expect(explain('Re-declaration of type process')).to.include('two inherited policies bring the type process');
    expect(explain('Bad paren at line 4 of web_ns.cil', true)).to.equal('Bad paren at spec.policy, line 3');
  });
});

// SPDX-License-Identifier: Apache-2.0
// Our CIL and the real compiler: rendered profiles compile, accepted raw policies mean to secilc what they meant to us,
// and hostile ones are refused by us, or accepted by it with the same meaning, or refused by it at a place we can name.
import { expect } from 'chai';
import fc from 'fast-check';
import { Rejected } from '../../src/core/errors.ts';
import { explainCompilerMessage } from '../../src/core/selinux/compiler-message.ts';
import { renderRawCil } from '../../src/core/selinux/raw.ts';
import { renderCil } from '../../src/core/selinux/render.ts';
import type { RenderedCil } from '../../src/core/selinux/render.ts';
import type { SelinuxProfileSpec } from '../../src/gen/crd/selinux-profile.ts';
import { ACCEPTED, inheriting, REFUSED, REFUSED_BY_NODES } from '../golden/selinux/raw-policies.ts';
import { CilCompiler } from './cil-compiler.ts';

const BLOCK = 'x_y';

function rendered(policy: string): RenderedCil | undefined {
  try {
    return renderRawCil({ metadata: { name: 'x', namespace: 'y' }, spec: { policy } }, { limit: {} });
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}

function profile(name: string, spec: SelinuxProfileSpec, others: Readonly<Record<string, SelinuxProfileSpec>> = {}) {
  const find = (other: string) => (others[other] === undefined ? undefined : { spec: others[other] });
  const limit = { allowedSystemProfiles: ['container', 'log_container'] };
  return renderCil({ metadata: { name, namespace: 'y' }, spec }, { limit, find }).cil;
}

describe('CIL and secilc', function () {
  this.timeout(120_000);
  let compiler: CilCompiler;

  before(() => {
    compiler = new CilCompiler();
  });

  after(() => {
    compiler[Symbol.dispose]();
  });

  it('compiles what profiles are rendered to', () => {
    const allow = {
      '@self': { tcp_socket: ['listen'], capability: ['chown', 'syslog'] },
      http_cache_port_t: { tcp_socket: ['name_bind'] },
      var_log_t: { file: ['append', 'append', 'open'], dir: [] },
      'x_y.process': { process: ['signal'] },
    };
    const inherit = [{ name: 'container' }, { name: 'log_container' }];
    const { messages, binary } = compiler.compile(BLOCK, profile('x', { allow, inherit, permissive: true }));
    expect(binary, messages).not.to.equal(undefined);
  });

  it('gives an heir access to itself where its parent has it', () => {
    const parent: SelinuxProfileSpec = { allow: { '@self': { process: ['fork'] } } };
    const heir: SelinuxProfileSpec = { inherit: [{ kind: 'SelinuxProfile', name: 'x' }] };
    // A neverallow rule is a question to the compiler: it is violated where the heir may.
    const question = '(neverallow z_y.process z_y.process (process (fork)))\n';
    const modules = [profile('x', parent), profile('z', heir, { x: parent })];
    expect(compiler.compile(BLOCK, ...modules).binary).not.to.equal(undefined);
    expect(compiler.compile(BLOCK, ...modules, question).messages).to.include('neverallow check failed');
  });

  it('means the same as the text of the user', () => {
    for (const policy of ACCEPTED.map(inheriting)) {
      const ours = compiler.compile(BLOCK, rendered(policy)?.cil ?? '');
      const theirs = compiler.compile(BLOCK, `(block ${BLOCK}\n${policy}\n)`);
      expect(ours.binary, `${policy}: ${ours.messages}`).not.to.equal(undefined);
      expect(theirs.binary?.equals(ours.binary ?? Buffer.alloc(0)), policy).to.equal(true);
    }
  });

  it('refuses nothing only because it was not understood', () => {
    const strict = /carriage return|line mark|protection|permissive|a profile cannot|lists in one another/;
    const ours = Object.entries(REFUSED).filter(([reason]) => !strict.test(reason));
    const accepted = ours.flatMap(([, policies]) =>
      policies.filter(
        (policy) => compiler.compile(BLOCK, `(block ${BLOCK}\n${inheriting(policy)}\n)`).binary !== undefined,
      ),
    );
    expect(accepted).to.deep.equal(STRICTER);
  });

  it('leads to the line of the user where only the policy of the node refuses', () => {
    for (const { policy, words, line } of REFUSED_BY_NODES) {
      const cil = rendered(inheriting(policy))?.cil ?? '';
      const { binary, messages } = compiler.compile(BLOCK, cil);
      expect(binary, policy).to.equal(undefined);
      const explained = explainCompilerMessage(messages, { block: BLOCK, cil, isRaw: true });
      expect(explained, policy)
        .to.include(words)
        .and.to.include(`at spec.policy, line ${String(line)}`);
    }
  });

  it('has the same meaning of any mixture', () => {
    const seeds = [...ACCEPTED, ...Object.values(REFUSED).flat()].filter((policy) => policy.length < 300);
    const cut = fc.record({ policy: fc.constantFrom(...seeds), from: fc.nat(60), to: fc.nat(60) });
    const mixture = fc.array(cut, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mixture, (cuts) => {
        const policy = cuts.map((one) => one.policy.slice(0, one.from) + one.policy.slice(one.to)).join('');
        const ours = rendered(policy);
        if (ours === undefined) return;
        const made = compiler.compile(BLOCK, ours.cil);
        expect(made.signal, policy).to.equal(null);
        if (made.binary === undefined) {
          const explained = explainCompilerMessage(made.messages, { block: BLOCK, cil: ours.cil, isRaw: true });
          expect(NAMES.test(explained), `${policy}: ${explained}`).to.equal(true);
          return;
        }
        const theirs = compiler.compile(BLOCK, `(block ${BLOCK}\n${policy}\n)`);
        if (theirs.binary !== undefined) expect(theirs.binary.equals(made.binary), policy).to.equal(true);
      }),
      { numRuns: Number(process.env['CIL_MIXTURES'] ?? 150) },
    );
  });
});

/**
 * Policies that secilc takes and we do not: one leaves the block, and the others say nothing that anybody would want.
 */
const STRICTER: readonly string[] = [
  ') (block other',
  '(<src_info> cil 1 x)',
  '(in after container)',
  '(allow process ..etc_t (file (read)))',
];

/** Messages about names that only a node's policy can look up. */
const NAMES =
  /resolve|Re-declaration|declared|not in a|does not have|exceeds bounds|neverallow check|argument|parameter/i;

// SPDX-License-Identifier: Apache-2.0
// Policies of ours and of hostile users before the real apparmor_parser.
import { expect } from 'chai';
import fc from 'fast-check';
import { profileNamesIn } from '../../src/core/apparmor/names.ts';
import { literalPattern, readPattern } from '../../src/core/apparmor/pattern.ts';
import { printPattern } from '../../src/core/apparmor/pattern-text.ts';
import { renderProfile } from '../../src/core/apparmor/render.ts';
import { tracePolicy } from '../../src/core/apparmor/trace.ts';
import { VARIABLES } from '../../src/core/apparmor/tables.ts';
import { CAPABILITIES } from '../../src/core/capabilities.ts';
import { Rejected } from '../../src/core/errors.ts';
import type { AppArmorAbstract } from '../../src/gen/crd/app-armor-profile.ts';
import { compile, namesByCompiler } from './apparmor-compiler.ts';
import { HOSTILE, mutants } from './apparmor-hostile.ts';

const RUNS = 200;

/** Patterns in one profile. */
const FEW = 5;

/** A profile of file rules, each pattern in quotation marks as it is. */
function profileOf(patterns: readonly string[]): string {
  const rules = patterns.map((pattern) => `  "${pattern}" r,\n`).join('');
  return `abi <abi/3.0>,\ninclude <tunables/global>\nprofile "web" {\n${rules}}\n`;
}

function requireAccepted(text: string): string {
  const { accepted, hash, messages } = compile(text);
  if (!accepted) throw new Error(`${messages} over ${text}`);
  return hash;
}

const piece = fc.constantFrom(
  ...[
    '/',
    'a',
    'b',
    '*',
    '**',
    '?',
    '[a-c]',
    '[^a/]',
    '{a,b/}',
    '{,a*}',
    '\\*',
    '\\{',
    '\\\\',
    '\\042',
    ',',
    '#',
    ' ',
    'é',
  ],
  ...[
    '[a-c^]',
    '[A-_]',
    '[\\]\\[]',
    '@{PROC}',
    '\\n',
    '^',
    '~',
    '%',
    '=',
    ':',
    '!',
    '@',
    '\\@',
    '(',
    ')',
    '|',
    '$',
    '.',
  ],
);
const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => `/x${pieces.join('')}`);

describe('apparmor_parser', function () {
  this.timeout(300_000);

  const FULL: AppArmorAbstract = {
    executable: { allowedExecutables: ['/usr/bin/{a,b}', '/bin/sh'], allowedLibraries: ['/lib/**.so*'] },
    filesystem: {
      readOnlyPaths: ['/etc/hosts', ...VARIABLES.map((name) => `/v/@{${name}}/x`)],
      writeOnlyPaths: ['/dev/stdout'],
      readWritePaths: ['/tmp/**', '/**', '/back\\\\'],
    },
    network: { allowRaw: true, allowedProtocols: { allowTcp: true, allowUdp: true } },
  };

  it('compiles what is rendered, under the name of the object', () => {
    const every = { ...FULL, capability: { allowedCapabilities: CAPABILITIES } };
    const known = new Set(CAPABILITIES.map((name) => name.slice('CAP_'.length).toLowerCase()));
    for (const complainMode of [false, true]) {
      for (const abstract of [FULL, every, {}]) {
        const { text } = renderProfile('web', { abstract, complainMode }, { capabilities: known });
        requireAccepted(text);
        expect(namesByCompiler(text)).to.deep.equal(['web']);
      }
    }
    requireAccepted(renderProfile('web', { abstract: FULL }, { program: '/usr/bin/web' }).text);
  });

  it('takes a pattern and its canonical text for the same', () => {
    const patterns = fc
      .sample(pattern, { numRuns: RUNS, seed: 7 })
      .filter((one) => readPattern(one).fault === undefined);
    expect(patterns).to.have.length.above(RUNS / 2);
    // A few at a time: the automaton of many wildcards at once is beyond all measure.
    for (let at = 0; at < patterns.length; at += FEW) {
      const some = patterns.slice(at, at + FEW);
      const printed = some.map((one) => printPattern(readPattern(one).pattern ?? []));
      expect(requireAccepted(profileOf(printed)), some.join(' ')).to.equal(requireAccepted(profileOf(some.map(shorn))));
    }
  });

  it('takes the name of a file for itself', () => {
    const name = fc.string({
      unit: fc.integer({ min: 1, max: 126 }).map((code) => String.fromCharCode(code)),
      maxLength: 8,
    });
    const names = fc.sample(name, { numRuns: RUNS, seed: 11 }).map((one) => `/x${one}`);
    const literal = names.map((one) => printPattern(literalPattern(one)));
    const classes = names.map((one) => printPattern(classesOf(one.replace(/\/+/g, '/'))));
    expect(requireAccepted(profileOf(literal))).to.equal(requireAccepted(profileOf(classes)));
  });

  it('knows the profiles of a hostile text by the same names, or refuses it', () => {
    const told = { accepted: 0, refused: 0, refusedByCompiler: 0 };
    for (const policy of [...HOSTILE, ...mutants(Number(process.env['APPARMOR_MUTANTS'] ?? 5 * RUNS))])
      told[judged(policy)] += 1;
    expect(told.accepted).to.be.above(20);
    expect(told.refused).to.be.above(100);
  });

  it('logs no refusal that a rule without audit refuses, too', () => {
    const policy = (rules: string): string => `abi <abi/3.0>,\nprofile web {\n  file,\n${rules}\n}\n`;
    for (const [audited, plain] of [
      ['/etc/shadow r', '/etc/** rw'],
      ['/etc/shadow w', '/etc/shadow w'],
      ['/etc/shadow r', '/etc/shadow w'],
      ['/etc/** r', '/etc/shadow r'],
    ]) {
      const rules = (qualifier: string): string => policy(`${qualifier} deny ${audited},\n  deny ${plain},`);
      const { warnings } = renderProfile('web', { policy: rules('audit') });
      const isSame = requireAccepted(rules('audit')) === requireAccepted(rules(''));
      expect(isSame, `${audited} beside ${plain}`).to.equal(warnings.length === 1);
    }
  });

  it('takes as many braces within each other as patterns here may have', () => {
    const nested = (depth: number): string => `/${'{a,'.repeat(depth)}b${'}'.repeat(depth)}`;
    expect(readPattern(nested(49)).fault).to.equal(undefined);
    requireAccepted(profileOf([nested(49)]));
    expect(readPattern(nested(50)).fault).to.equal('holds more than 49 {} within each other');
    expect(compile(profileOf([nested(50)])).messages).to.include('Exceeded maximum nesting of {}');
  });

  it('has room for twelve profiles of programs', () => {
    const policy = (count: number): string =>
      `abi <abi/3.0>,\nprofile web {\n${Array.from({ length: count }, (_, at) => `/bin/${at} px -> t${at},\n`).join('')}}\n`;
    requireAccepted(policy(12));
    expect(compile(policy(13)).messages).to.include('too many specified profile transitions');
  });

  it('takes the profile for recordings, beside the rules of abstractions/base for encrypted homes', () => {
    expect(namesByCompiler(tracePolicy('spoc-7'))).to.deep.equal(['spoc-7']);
    expect(namesByCompiler(tracePolicy('/usr/bin/a [b]'))).to.have.length(1);
    for (const name of ['spoc-7', '/usr/bin/a [b]']) requireAccepted(tracePolicy(name));
  });
});

/** A backslash at the end of a word, which only the number of the character keeps within it. */
function shorn(text: string): string {
  return text.replaceAll('\\\\', '\\134');
}

function classesOf(path: string): ReturnType<typeof literalPattern> {
  return Array.from(path, (character) => {
    const code = character.charCodeAt(0);
    if (character === '/') return { type: 'literal', text: character };
    return { type: 'class', negated: false, ranges: [[code, code]] };
  });
}

function judged(policy: string): 'accepted' | 'refused' | 'refusedByCompiler' {
  let text: string;
  try {
    ({ text } = renderProfile('web', { policy }));
  } catch (cause) {
    if (!(cause instanceof Rejected)) throw cause;
    expect(cause.message, policy).to.match(/^spec.policy: line \d+, column \d+: /);
    return 'refused';
  }
  const { accepted, messages } = compile(text);
  expect(messages, policy).to.not.include("open '/nowhere");
  if (!accepted) return 'refusedByCompiler';
  const names = namesByCompiler(text);
  // A name may hold line breaks.
  const found = profileNamesIn(text).flatMap((name) => name.split('\n').filter((line) => line !== ''));
  expect(found.sort(), policy).to.deep.equal([...names].sort());
  expect(
    names.filter((name) => !name.startsWith('web//')),
    policy,
  ).to.deep.equal(['web']);
  return 'accepted';
}

// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { covers, Coverage } from '../../../src/core/apparmor/covers.ts';
import { exactPath, literalPattern, readPattern } from '../../../src/core/apparmor/pattern.ts';
import { printPattern } from '../../../src/core/apparmor/pattern-text.ts';
import type { Pattern } from '../../../src/core/apparmor/pattern.ts';

function pattern(text: string): Pattern {
  const { pattern: read, fault } = readPattern(text);
  if (read === undefined) throw new Error(`${text}: ${fault}`);
  return read;
}

const path = fc
  .string({ unit: fc.constantFrom(...Array.from('/ab\\*?[]{}^,-@!"\n é\x01')), maxLength: 12 })
  .map((text) => `/${text}`);

/** Pieces of which most rows make a pattern. */
const piece = fc.constantFrom(
  '/',
  'a',
  'b',
  '*',
  '**',
  '?',
  '[ab]',
  '[^a]',
  '{a,b/}',
  '{,a*}',
  '\\*',
  '\\@',
  '@{PROC}',
  '.',
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`);

describe('patterns', () => {
  it('stand literally for any path of a record', () => {
    fc.assert(
      fc.property(path, (name) => {
        const printed = printPattern(literalPattern(name));
        expect(printed).to.not.match(/["\n]|\\$/);
        expect(exactPath(pattern(printed))).to.equal(name.replace(/\/+/g, '/'));
      }),
    );
  });

  it('are read again to what they were', () => {
    fc.assert(
      fc.property(text, (one) => {
        const read = pattern(one);
        expect(pattern(printPattern(read))).to.deep.equal(read);
      }),
    );
  });

  it('have one text', () => {
    const same = {
      '/a\\,b': '/a,b',
      '/[cba]': '/[a-c]',
      '//a///b': '/a/b',
      '/\\101': '/A',
      '/[a\\-c]': '/[-ac]',
      '/\\@{a,b}': '/\\100{a,b}',
    };
    for (const [one, other] of Object.entries(same)) expect(printPattern(pattern(one)), one).to.equal(other);
    const classes = {
      '/[+--]': '/[-+,]',
      '/[\\^a]': '/[a^]',
      '/[\\^]': '/^',
      '/[A-\\^]': '/[A-\\]^]',
      '/[*?]': '/[\\*\\?]',
    };
    for (const [one, other] of Object.entries(classes)) expect(printPattern(pattern(one)), one).to.equal(other);
  });
});

describe('braces', () => {
  it('lie in each other as deep as apparmor_parser takes them, and there may be more of them side by side', () => {
    const nested = (depth: number): string => `/${'{a,'.repeat(depth)}b${'}'.repeat(depth)}`;
    for (const depth of [50, 1300, 100_000])
      expect(readPattern(nested(depth)).fault).to.equal('holds more than 49 {} within each other');
    expect(printPattern(pattern(nested(49)))).to.equal(nested(49));
    expect(pattern(`/${'{a,b}'.repeat(60)}`)).to.have.length(61);
  });
});

/** Rows of what apparmor_parser's automaton matches: pattern, paths that it matches, paths that it does not. */
const MATCHES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['/d/*', ['/d/x', '/d/.x'], ['/d/', '/d', '/d/x/y']],
  ['/d/**', ['/d/x', '/d/x/', '/d/x/y'], ['/d/', '/d', '/dx']],
  ['/d/*/', ['/d/x/'], ['/d/', '/d//', '/d/x']],
  ['/a/**/b', ['/a/x/b', '/a/x/y/b'], ['/a/b']],
  ['/a**', ['/a', '/ab', '/a/b'], ['/b']],
  ['/a*', ['/a', '/ab'], ['/a/b']],
  ['/**', ['/a', '/a/b'], ['/']],
  ['/a[^b]c', ['/a/c', '/axc'], ['/abc', '/ac']],
  ['/a?c', ['/abc'], ['/a/c', '/ac']],
  ['/{*,b}', ['/', '/b', '/x'], ['/x/y']],
  ['/a/{,b/}*', ['/a/', '/a/x', '/a/b/'], ['/a/x/y']],
  ['@{PROC}/@{pid}/x', ['/proc/1/x', '/proc/4194304/x'], ['/proc/0/x', '/proc/self/x']],
  ['/é', ['/é'], ['/e']],
  ['/??', ['/é'], ['/ée']],
];

describe('covers()', () => {
  for (const [one, yes, no] of MATCHES) {
    it(`says what ${one} matches`, () => {
      for (const name of yes) expect(covers(pattern(one), literalPattern(name)), name).to.equal(true);
      for (const name of no) expect(covers(pattern(one), literalPattern(name)), name).to.equal(false);
    });
  }

  it('compares patterns', () => {
    const wide = [
      ['/**', '/d/*'],
      ['/d/**', '/d/**/x'],
      ['/{a,b}', '/a'],
      ['/[a-c]', '/[ab]'],
      ['/d/[^x]**', '/d/a**'],
      ['@{PROC}/sys/[^k]**', '/proc/sys/net/core/*'],
      ['/{run,var/run}/x', '@{run}/x'],
      ['@{user_share_dirs}/x', '@{user_share_dirs}/x'],
    ] as const;
    const apart = [
      ['/d/*', '/d/**'],
      ['/*', '/**'],
      ['/run/x', '@{run}/x'],
      ['/d/?', '/d/[^a]'],
      ['@{user_share_dirs}/*', '@{user_share_dirs}/x'],
    ] as const;
    for (const [a, b] of wide) expect(covers(pattern(a), pattern(b)), `${a} ${b}`).to.equal(true);
    for (const [a, b] of apart) expect(covers(pattern(a), pattern(b)), `${a} ${b}`).to.equal(false);
  });

  it('agrees with what is matched', () => {
    const name = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.', 'p'), maxLength: 6 }).map((rest) => `/${rest}`);
    fc.assert(
      fc.property(text, text, fc.array(name, { maxLength: 20 }), (a, b, names) => {
        const [wide, narrow] = [pattern(a), pattern(b)];
        if (!covers(wide, narrow)) return;
        for (const one of names) {
          if (new Coverage([narrow]).matches(one)) expect(new Coverage([wide]).matches(one), one).to.equal(true);
        }
      }),
    );
  });

  it('asks several together', () => {
    expect(new Coverage([pattern('/a'), pattern('/b')]).covers(pattern('/[ab]'))).to.equal(true);
  });
});

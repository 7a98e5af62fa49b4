// SPDX-License-Identifier: Apache-2.0
// The words of apparmor_parser as it said them (3.0.8), put back to the user's text.
import { expect } from 'chai';
import { faultText, warningTexts } from '../../../src/core/apparmor/parser-messages.ts';

const policy = 'profile a {\n  /x/{b r,\n  /y px,\n  @{nope}/z r,\n}\n';
const raw = { field: 'spec.policy', policy, addedLines: 1 } as const;
const abstract = { field: 'spec.abstract', policy: undefined, addedLines: 0 } as const;

const CASES: readonly (readonly [messages: string, raw: string, abstract: string])[] = [
  [
    'AppArmor parser error at line 3: syntax error, unexpected TOK_ID, expecting TOK_MODE\n',
    'line 2, column 3: syntax error, unexpected TOK_ID, expecting TOK_MODE',
    'syntax error, unexpected TOK_ID, expecting TOK_MODE',
  ],
  [
    'AppArmor parser error at line 4: missing an end of line character? (entry: /x/{b)\n',
    'line 2, column 3: missing an end of line character? (entry: /x/{b)',
    'missing an end of line character? (entry: /x/{b)',
  ],
  [
    "AppArmor parser error at line 4: Lexer found unexpected character: 'p' (0x70) in state: INITIAL\n",
    "line 3, column 6: Lexer found unexpected character: 'p' (0x70) in state: INITIAL",
    "Lexer found unexpected character: 'p' (0x70) in state: INITIAL",
  ],
  [
    "AppArmor parser error for stdin in /etc/apparmor.d/abstractions/base at line 7: Could not open 'x'\n",
    "abstractions/base, line 7: Could not open 'x'",
    "abstractions/base, line 7: Could not open 'x'",
  ],
  [
    '/sbin/apparmor_parser: Regex grouping error: Unclosed grouping or character class, expecting close }\n' +
      "/sbin/apparmor_parser: Unable to parse input line '/x/{b'\nERROR processing regexs for profile a, failed to load\n",
    "Regex grouping error: Unclosed grouping or character class, expecting close }; line 2, column 3: Unable to parse input line '/x/{b'",
    "Regex grouping error: Unclosed grouping or character class, expecting close }; Unable to parse input line '/x/{b'",
  ],
  [
    'profile a: has merged rule /y with conflicting x modifiers\nERROR merging rules for profile a, failed to load\n',
    'line 3, column 3: profile a: has merged rule /y with conflicting x modifiers',
    'profile a: has merged rule /y with conflicting x modifiers',
  ],
  [
    'Found reference to variable nope, but is never declared\n',
    'line 4, column 5: Found reference to variable nope, but is never declared',
    'Found reference to variable nope, but is never declared',
  ],
  [
    'Warning from profile a (stdin): dbus rules not enforced\nAppArmor parser error at line 1: x\nAppArmor parser error at line 1: x\n',
    'line 1, column 1: x',
    'x',
  ],
  ['\n', 'apparmor_parser refuses it and does not say why', 'apparmor_parser refuses it and does not say why'],
];

describe('core/apparmor/parser-messages', () => {
  for (const [messages, ofRaw, ofAbstract] of CASES) {
    it(`puts back: ${messages.split('\n')[0] ?? ''}`, () => {
      expect(faultText(messages, raw)).to.equal(`spec.policy: ${ofRaw}`);
      expect(faultText(messages, abstract)).to.equal(`spec.abstract: ${ofAbstract}`);
    });
  }

  it('shows the first faults of many', () => {
    const many = Array.from({ length: 50 }, (_, n) => `AppArmor parser error at line ${String(n + 2)}: x\n`).join('');
    expect(faultText(many, raw)).to.equal(
      'spec.policy: line 1, column 1: x; line 2, column 3: x; line 3, column 3: x; line 4, column 3: x; line 5, column 1: x',
    );
  });

  it('names the kinds of rules that are not enforced once, and passes other warnings on', () => {
    const messages = [
      'Warning from profile a (stdin): signal rules not enforced',
      'Warning from profile a (stdin): mount rules not enforce',
      'Warning from profile a (stdin): signal rules not enforced',
      'Warning from stdin (stdin line 3): something in /etc/apparmor.d/abstractions/base is odd',
    ].join('\n');
    expect(warningTexts(messages)).to.deep.equal([
      'the kernel of this node does not enforce rules of these kinds: mount, signal',
      'apparmor_parser: something in abstractions/base is odd',
    ]);
    expect(warningTexts('')).to.deep.equal([]);
  });
});

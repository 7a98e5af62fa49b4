// SPDX-License-Identifier: Apache-2.0
// A policy under another name names itself so everywhere, and nothing else is touched.
import { expect } from 'chai';
import { profileNamesIn } from '../../../src/core/apparmor/names.ts';
import { renamedPolicy } from '../../../src/core/apparmor/renamed.ts';

describe('core/apparmor/renamed', () => {
  it('renames the profile where it stands and where its rules name it', () => {
    const policy = `# web is the name
profile web flags=(attach_disconnected) {
  signal (send) peer=web,
  ptrace (read) peer="web",
  /bin/web rix,
  /bin/child px -> web//child,
  network inet peer=(label=other),
  profile child {
    signal peer=web//child,
  }
}
`;
    const text = renamedPolicy(policy, 'web-audit-1');
    expect(text).to.equal(
      policy
        .replace('profile web ', 'profile web-audit-1 ')
        .replace('peer=web,', 'peer=web-audit-1,')
        .replace('peer="web"', 'peer="web-audit-1"')
        .replace('-> web//child', '-> web-audit-1//child')
        .replace('peer=web//child', 'peer=web-audit-1//child'),
    );
    expect(profileNamesIn(text)).to.deep.equal(['web-audit-1', 'web-audit-1//child']);
    expect(renamedPolicy('profile "web" {}', 'x')).to.equal('profile "x" {}\n');
  });

  it('takes no minutes for the longest policy, though every rule of it names the profile', () => {
    const rules = 33_000;
    const text = renamedPolicy(`profile x {\n${'signal peer=x,\n'.repeat(rules)}}`, 'y');
    expect(text).to.equal(`profile y {\n${'signal peer=y,\n'.repeat(rules)}}\n`);
  }).timeout(120_000);
});

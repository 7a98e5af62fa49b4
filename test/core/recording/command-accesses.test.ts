// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { parseAuditLine } from '../../../src/core/audit/parse.ts';
import { Accesses } from '../../../src/core/recording/accesses.ts';
import { learnCommand } from '../../../src/core/recording/command-accesses.ts';
import { EMPTY_LEDGER, noteEvent, shortcomings } from '../../../src/core/recording/ledger.ts';

function seen(...fields: readonly string[]): Accesses {
  const accesses = new Accesses(3);
  for (const text of fields) {
    const line = `type=AVC audit(1.000:1): apparmor=${text} pid=7 comm="a"`;
    const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'apparmor') throw new Error(`no record: ${line}`);
    accesses.note(record, 0);
  }
  return accesses;
}

describe('the accesses of a recorded command', () => {
  it('become an abstract profile; that a program stays in the profile is an exec that was allowed', () => {
    const accesses = seen(
      '"AUDIT" operation="exec" profile="spoc-7" name="/usr/bin/id" requested_mask="x" denied_mask="x"',
      '"ALLOWED" operation="open" profile="spoc-7" name="/etc/a" requested_mask="r" denied_mask="r" fsuid=0 ouid=1',
      '"AUDIT" operation="open" profile="spoc-7" name="/etc/b" requested_mask="r" denied_mask="r" fsuid=0 ouid=1',
    ).list();
    const { object, warnings } = learnCommand('id', { ledger: EMPTY_LEDGER, accesses, beyond: 0 });
    expect(warnings).to.deep.equal([]);
    expect(object).to.deep.equal({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'AppArmorProfile',
      metadata: { name: 'id' },
      spec: {
        abstract: {
          executable: { allowedExecutables: ['/usr/bin/id'] },
          filesystem: { readOnlyPaths: ['/etc/a'] },
        },
      },
      status: {},
    });
  });

  it('tell what they lack on the object: lost records, what no profile can allow, the time after', () => {
    const accesses = seen(
      '"ALLOWED" operation="ptrace" profile="spoc-7" requested_mask="read" denied_mask="read"',
    ).list();
    const ledger = [{ type: 'lost', reason: 'record', count: 5n } as const, { type: 'left', count: 2 } as const].reduce(
      noteEvent,
      EMPTY_LEDGER,
    );
    const { object, warnings } = learnCommand('id', { ledger, accesses, beyond: 4 });
    expect(warnings).to.deep.equal([
      '2 processes ran on when the recording ended: what they did then is missing',
      'the machine lost 5 audit records meanwhile, perhaps of the command',
      'there was no room for 4 accesses',
      'no AppArmorProfile can allow ptrace',
    ]);
    expect(object.metadata.annotations).to.deep.equal({ 'spo.x-k8s.io/recording-incomplete': warnings.join('; ') });
    expect(shortcomings(ledger)).to.have.length(1);
  });

  it('are kept up to a number', () => {
    const access = (name: string) => `"ALLOWED" operation="open" profile="a" name="${name}" requested_mask="r"`;
    expect(seen(...['/a', '/b', '/c', '/d', '/a'].map(access)).list()).to.have.length(3);
  });
});

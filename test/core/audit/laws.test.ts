// SPDX-License-Identifier: Apache-2.0
// Laws of reading audit records: any text is survived, a written record is read back, in any order of its fields, and a
// program cannot write into the fields of others.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAuditLine } from '../../../src/core/audit/parse.ts';
import { syscallName } from '../../../src/core/seccomp/syscalls.ts';

const parse = (line: string) => parseAuditLine(line, 'SCMP_ARCH_X86_64');

/** A string as audit_log_untrustedstring of the kernel writes it. */
function untrusted(text: string): string {
  const bytes = Buffer.from(text);
  const isPlain = bytes.every((byte) => byte > 0x20 && byte < 0x7f && byte !== 0x22);
  return isPlain ? `"${text}"` : bytes.toString('hex').toUpperCase();
}

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => text.isWellFormed());

describe('laws of core/audit/parse', () => {
  it('survives any text, also behind the head of a record', () => {
    const kind = fc.constantFrom('1326', 'SECCOMP', '1400', 'AVC', 'APPARMOR_DENIED');
    const words = fc.string({ unit: fc.constantFrom(...Array.from('pid=syexarch01 "{}:()avc\x1d\\F')) });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), kind, words, (text, type, more) => {
        parse(text);
        for (const body of [text, more]) {
          const record = parse(`type=${type} msg=audit(1.1:1): ${body}`);
          if (record !== undefined && record.type !== 'companion') expect(record.pid).to.be.at.least(0);
        }
      }),
    );
  });

  it('reads what the kernel writes, whatever programs are called and in whatever order the fields come', () => {
    const field = fc.record({ exe: name, comm: name, pid: fc.nat(4_194_304), number: fc.nat(334), order: fc.nat() });
    fc.assert(
      fc.property(field, ({ exe, comm, pid, number, order }) => {
        const fields = [`comm=${untrusted(comm)}`, `exe=${untrusted(exe)}`, `pid=${pid}`, `syscall=${number}`];
        const turned = fields.map((_, index) => fields[(index + order) % fields.length]);
        expect(parse(`type=1326 audit(1.1:1): arch=c000003e ${turned.join(' ')} sig=0`)).to.deep.equal({
          type: 'seccomp',
          timestamp: '1.1:1',
          pid,
          executable: exe,
          syscallID: number,
          syscallName: syscallName('SCMP_ARCH_X86_64', number) ?? String(number),
          architecture: 'SCMP_ARCH_X86_64',
          isDenied: false,
          isOfRuntime: false,
        });
      }),
    );
  });

  it('takes work in proportion to the length of a line', () => {
    for (const piece of ['a=', '"', '= ', 'pid', 'x="', '{ ', ' type=']) {
      const long = piece.repeat(1_000_000 / piece.length);
      for (const kind of ['1326', '1400']) parse(`type=${kind} audit(1.1:1): avc:  denied  { ${long}`);
      parse(long);
    }
  });
});

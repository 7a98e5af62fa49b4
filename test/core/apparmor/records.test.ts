// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { learnAccess, profileOfRecord } from '../../../src/core/apparmor/records.ts';
import { renderAllowed } from '../../../src/core/apparmor/render.ts';
import { parseAuditLine } from '../../../src/core/audit/parse.ts';
import type { AppArmorRecord } from '../../../src/core/audit/record.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';

/** Records of lines, the fields of which stand behind their usual head. */
function records(...lines: readonly string[]): readonly AppArmorRecord[] {
  return lines.map((fields, at) => {
    const line = `type=1400 audit(1700000000.100:${String(at)}): apparmor="ALLOWED" ${fields} pid=7 comm="web"`;
    const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'apparmor') throw new Error(`not a record of AppArmor: ${line}`);
    return record;
  });
}

function file(operation: string, name: string, mask: string, rest = 'fsuid=0 ouid=1'): string {
  const mapped = /^[\x21\x23-\x7e]+$/.test(name) ? `"${name}"` : Buffer.from(name).toString('hex').toUpperCase();
  return `operation="${operation}" profile="web" name=${mapped} requested_mask="${mask}" denied_mask="${mask}" ${rest}`;
}

describe('learnAccess()', () => {
  it('puts masks into the lists of the abstract form', () => {
    const { abstract, leftOut } = learnAccess(
      records(
        file('open', '/etc/hosts', 'r'),
        file('open', '/etc/hosts', 'r'),
        file('open', '/dev/stdout', 'wc'),
        file('unlink', '/run/web.pid', 'd'),
        file('open', '/run/web.pid', 'r'),
        file('open', '/var/log/web', 'ac'),
        file('exec', '/bin/sh', 'x'),
        file('file_mmap', '/bin/sh', 'rm'),
        file('file_mmap', '/opt/lib.so', 'rm'),
        file('open', '/etc/', 'r'),
        'operation="capable" profile="web" capability=13 capname="net_raw"',
        'operation="create" profile="web" family="inet6" sock_type="stream" protocol=6 requested_mask="create" denied_mask="create"',
        'operation="create" profile="web" family="inet6" sock_type="raw" protocol=58 requested_mask="create" denied_mask="create"',
        'operation="create" profile="web" family="inet" sock_type="dgram" protocol=17 requested="create" denied="create"',
      ),
    );
    expect(abstract).to.deep.equal({
      executable: { allowedExecutables: ['/bin/sh'], allowedLibraries: ['/opt/lib.so'] },
      filesystem: {
        readOnlyPaths: ['/etc/', '/etc/hosts'],
        writeOnlyPaths: ['/dev/stdout', '/var/log/web'],
        readWritePaths: ['/run/web.pid'],
      },
      network: { allowRaw: true, allowedProtocols: { allowTcp: true, allowUdp: true } },
      capability: { allowedCapabilities: ['net_raw'] },
    });
    expect([...leftOut]).to.deep.equal([]);
  });

  it('takes names for what they are, in hexadecimal or not', () => {
    const { abstract } = learnAccess(
      records(
        file('open', '/tmp/{abc}/f', 'r'),
        file('open', '/tmp/a b"*', 'r'),
        file('open', '/2F746D70', 'r'),
        'operation="open" profile="web" name=2f746d702f6120c3a9 requested_mask="r" denied_mask="r"',
      ),
    );
    expect(abstract.filesystem?.readOnlyPaths).to.deep.equal([
      '/2F746D70',
      '/tmp/\\{abc\\}/f',
      '/tmp/a b\\042\\*',
      '/tmp/a é',
    ]);
  });

  it('makes patterns of what is another in each run', () => {
    const id = 'd7e1c3'.repeat(11).slice(0, 64);
    const paths = {
      '/proc/123/limits': '@{PROC}/@{pid}/limits',
      '/proc/1234/limits': '@{PROC}/@{pid}/limits',
      '/proc/12/task/13/comm': '@{PROC}/@{pid}/task/@{tid}/comm',
      '/proc/12/': '@{PROC}/@{pid}/',
      '/proc/sys/kernel/x': '/proc/sys/kernel/x',
      '/sys/devices/pci0000:00/0000:00:01.0/vendor': '/sys/devices/**',
      '/sys/bus/pci/devices/0000:00:01.0': '/sys/bus/pci/devices/0000:00:01.0',
      [`/run/containerd/${id}/x`]: '/run/containerd/*/x',
      '/tmp/0b1c2d3e-aaaa-bbbb-cccc-0123456789ab/y': '/tmp/*/y',
      '/tmp/work.1234567': '/tmp/work.*',
      '/var/0b1c2d3e-aaaa-bbbb-cccc-0123456789ab1700000000': '/var/*',
      [`/opt/1700000${'fb1c2d3e-aaaa-bbbb-cccc-0123456789ab'.repeat(2)}/x`]: '/opt/*/x',
      '/tmp/work.12345': '/tmp/work.12345',
    };
    const { allowed } = learnAccess(records(...Object.keys(paths).map((path) => file('open', path, 'r'))));
    expect([...allowed.files.keys()]).to.deep.equal([...new Set(Object.values(paths))].sort());
  });

  it('counts what cannot be allowed', () => {
    const { leftOut, abstract } = learnAccess(
      records(
        file('open', 'run/secret', 'r', 'info="Failed name lookup - disconnected path" error=-13'),
        file('open', '/tmp/x (deleted)', 'r'),
        'operation="open" profile="web" name=2F746D702FE9 requested_mask="r" denied_mask="r"',
        'operation="ptrace" profile="web" requested_mask="read" denied_mask="read" peer="unconfined"',
        'operation="signal" profile="web" requested_mask="send" denied_mask="send" signal=term peer="unconfined"',
        'operation="mount" profile="web" name="/mnt/" flags="ro"',
        'operation="mount" profile="web" name="/mnt/" flags="ro"',
        'operation="userns_create" class="namespace" profile="web" requested="userns_create" denied="userns_create"',
        'operation="create" profile="web" family="unix" sock_type="stream" protocol=0 requested_mask="create" denied_mask="create"',
      ),
    );
    expect(Object.fromEntries(leftOut)).to.deep.equal({
      'a path that leads out of the file system (the flag attach_disconnected helps) of run/secret': 1,
      'a path that seems deleted of /tmp/x (deleted)': 1,
      'a path that is no UTF-8 of /tmp/\ufffd': 1,
      ptrace: 1,
      signal: 1,
      'mount of /mnt/': 2,
      userns_create: 1,
      'a socket of unix stream': 1,
    });
    expect(abstract).to.deep.equal({});
  });

  it('asks for nothing that is allowed', () => {
    const [allowed] = records(file('open', '/x', 'r'));
    const { abstract } = learnAccess([
      { ...(allowed as AppArmorRecord), apparmor: 'AUDIT' },
      { ...(allowed as AppArmorRecord), apparmor: 'STATUS', operation: 'profile_load' },
    ]);
    expect(abstract).to.deep.equal({});
    const hugepage = learnAccess([
      { ...(allowed as AppArmorRecord), name: '/anon_hugepage (deleted)', extraInfo: "denied_mask='rw'" },
    ]);
    expect(hugepage.abstract.filesystem).to.deep.equal({ readWritePaths: ['/'] });
  });

  it('writes owner where all records of a path say so', () => {
    const { allowed } = learnAccess(
      records(
        file('open', '/home/a', 'r', 'fsuid=5 ouid=5'),
        file('open', '/home/a', 'w', 'fsuid=6 ouid=6'),
        file('open', '/home/b', 'r', 'fsuid=5 ouid=5'),
        file('open', '/home/b', 'r', 'fsuid=5 ouid=0'),
      ),
    );
    const { text } = renderAllowed('web', allowed, false, undefined);
    expect(text).to.contain('  owner "/home/a" rwlk,\n').and.contain('  "/home/b" r,\n');
  });

  it('reads the newer spelling, and ends at names that were added', () => {
    const line =
      'node=n1 type=AVC msg=audit(1700000000.100:5): apparmor="DENIED" operation="open" class="file" profile="web" ' +
      'name="/etc/x" pid=7 comm="web" requested="r" denied="r" fsuid=0 ouid=0\x1dFSUID="root" OUID="root"';
    const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'apparmor') throw new Error('not read');
    expect(learnAccess([record]).abstract).to.deep.equal({ filesystem: { readOnlyPaths: ['/etc/x'] } });
  });

  it('gives room to thousands of names by a pattern for their folder', () => {
    const digits = (at: number): string => sha256Hex(String(at)).slice(0, 32);
    const letters = (at: number): string => digits(at).replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
    const names = Array.from({ length: 2500 }, (_, at) => `/data/${letters(at)}`);
    const { abstract, folded } = learnAccess(
      records(...names.map((name) => file('open', name, 'r')), file('open', '/etc/x', 'r')),
    );
    expect(abstract.filesystem?.readOnlyPaths).to.deep.equal(['/data/*', '/etc/x']);
    expect(folded).to.deep.equal(['/data/*']);
  });
});

describe('profileOfRecord()', () => {
  it('is the profile within which a program ran', () => {
    const [record] = records(file('open', '/x', 'r'));
    const of = (profile: string): string => profileOfRecord({ ...(record as AppArmorRecord), profile });
    expect(of('web')).to.equal('web');
    expect(of('web//null-/bin/sh')).to.equal('web');
    expect(of('web//hat//null-/bin/sh//null-/bin/cat')).to.equal('web//hat');
  });
});

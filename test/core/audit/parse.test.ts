// SPDX-License-Identifier: Apache-2.0
// Lines of audit logs as auditd, syslog and the kernel write them, and those that must not be taken for records.
import { expect } from 'chai';
import { isGranted, parseAuditLine } from '../../../src/core/audit/parse.ts';
import type { AuditRecord, CompanionRecord } from '../../../src/core/audit/record.ts';

const parse = (line: string): AuditRecord | CompanionRecord | undefined => parseAuditLine(line, 'SCMP_ARCH_X86_64');

const SECCOMP_BODY =
  'auid=4294967295 uid=0 gid=0 ses=4294967295 pid=4711 comm="httpd" exe="/opt/web/httpd" sig=0 arch=c000003e ' +
  'syscall=50 compat=0 ip=0x7f12 code=0x7ffc0000';

const listen = {
  type: 'seccomp',
  timestamp: '1735689600.042:901',
  pid: 4711,
  executable: '/opt/web/httpd',
  syscallID: 50,
  syscallName: 'listen',
  architecture: 'SCMP_ARCH_X86_64',
  isDenied: false,
  isOfRuntime: false,
};

describe('core/audit/parse, seccomp', () => {
  for (const [what, line] of Object.entries({
    "the kernel's own form": `audit: type=1326 audit(1735689600.042:901): ${SECCOMP_BODY}`,
    'a bare record': `type=1326 audit(1735689600.042:901): ${SECCOMP_BODY}`,
    'a syslog with a blank in its stamp': `Jan  1 00:00:00 n1 kernel: [   17.000012] audit: type=1326 audit(1735689600.042:901): ${SECCOMP_BODY}`,
    'auditd with a context of SELinux': `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY.replace('pid=', 'subj=system_u:system_r:spc_t:s0:c1,c2 pid=')}`,
    "a node's name before it": `node=n1 type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY}`,
    'enriched, with its separator': `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY}\x1dARCH=x86_64 SYSCALL=close AUID="unset" UID="root"`,
    'enriched, glued': `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY}AUID="unset" UID="root" SYSCALL=close`,
    'fields the other way round': `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY.split(' ').reverse().join(' ')}`,
    'an executable in hexadecimal': `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY.replace('"/opt/web/httpd"', '2F6F70742F7765622F6874747064')}`,
  })) {
    it(`reads ${what}`, () => expect(parse(line)).to.deep.equal(listen));
  }

  const call = (fields: string) => parse(`type=1326 audit(1735689600.042:901): pid=1 exe="/x" ${fields}`);

  it('names a call by the table of its architecture', () => {
    const table = [
      ['arch=c000003e syscall=1', 1, 'write'],
      ['arch=40000003 syscall=1', 1, 'exit'],
      ['arch=c000003e syscall=1073741825', 1, 'write'],
      ['arch=c000003e syscall=1073742345', 521, 'ptrace'],
      ['arch=c00000b7 syscall=64', 64, 'write'],
      ['arch=40000028 syscall=4', 4, 'write'],
      ['syscall=0', 0, 'read'],
    ] as const;
    for (const [fields, syscallID, syscallName] of table) {
      expect(call(fields), fields).to.deep.include({ syscallID, syscallName });
    }
  });

  it('gives the number where no table has a name', () => {
    expect(call('arch=c000003e syscall=99999')).to.deep.include({ syscallID: 99999, syscallName: '99999' });
    expect(call('arch=80000015 syscall=4')).to.deep.include({ syscallID: 4, syscallName: '4' });
  });

  it('decodes names that are no plain text, and cuts off the name that auditd glues to them', () => {
    const exe = (value: string) => parse(`type=1326 audit(1.1:1): pid=1 syscall=1 exe=${value}`)?.executable;
    expect(exe('2F746D702F6120622073797363616C6C3D39')).to.equal('/tmp/a b syscall=9');
    expect(exe('2F62696EAUID="unset"')).to.equal('/bin');
    expect(exe('2FC3A4')).to.equal('/ä');
    expect(exe('2FFF')).to.equal('/\ufffd');
    expect(exe('(null)')).to.equal('');
    expect(exe('""')).to.equal('');
  });

  it('is not misled by a program that calls itself like a field', () => {
    const line = `type=1326 audit(1.1:1): pid=7 comm="pid=9" exe="/syscall=3" arch=c000003e syscall=2`;
    expect(parse(line)).to.deep.include({ pid: 7, syscallName: 'open', executable: '/syscall=3' });
  });

  it('is not misled by a label, which is written as it is and may end with the path of a program', () => {
    const label = 'subj=web//null-/tmp/a pid=1 comm="b" exe="/c" arch=40000003 syscall=9 code=0x0 (complain)';
    for (const forged of [label, label.replace(' (', '\x1d (')]) {
      const line = `type=SECCOMP msg=audit(1735689600.042:901): ${SECCOMP_BODY.replace('pid=', `${forged} pid=`)}`;
      expect(parse(line), forged).to.deep.equal(listen);
      expect(parse(`${line}\x1dARCH=x86_64 SYSCALL=close AUID="unset"`), forged).to.deep.equal(listen);
    }
  });
});

describe('core/audit/parse, SELinux', () => {
  const head = 'type=AVC msg=audit(1735689600.042:902): ';
  const rest =
    'for  pid=815 comm="nginx" name="motd" dev="dm-0" ino=12 scontext=system_u:system_r:web.process:s0:c3,c4 ' +
    'tcontext=system_u:object_r:etc_t:s0 tclass=file permissive=1';
  const motd = {
    type: 'selinux',
    timestamp: '1735689600.042:902',
    pid: 815,
    executable: '',
    perm: 'read',
    scontext: 'system_u:system_r:web.process:s0:c3,c4',
    tcontext: 'system_u:object_r:etc_t:s0',
    tclass: 'file',
    isDenied: false,
  };

  it('reads one permission and several, of auditd and of a syslog', () => {
    expect(parse(`${head}avc:  denied  { read } ${rest}`)).to.deep.equal(motd);
    expect(parse(`${head}avc:  denied  { read write open } ${rest}`)).to.deep.equal({
      ...motd,
      perm: 'read write open',
    });
    const kernel = `kernel: audit: type=1400 audit(1735689600.042:902): avc:  denied  { read } ${rest}`;
    expect(parse(kernel)).to.deep.equal(motd);
  });

  it('passes over what was granted, and what lacks a context', () => {
    expect(parse(`${head}avc:  granted  { read } ${rest}`)).to.equal(undefined);
    expect(parse(`${head}avc:  denied  { read } for  pid=815 tclass=file`)).to.equal(undefined);
    expect(isGranted(`${head}avc:  granted  { read } ${rest}`)).to.equal(true);
    expect(isGranted(`kernel: audit: type=1400 audit(1.1:2): avc:  granted  { read } ${rest}`)).to.equal(true);
    expect(isGranted(`${head}avc:  denied  { read } for  pid=815 comm="avc:  granted "`)).to.equal(false);
  });
});

describe('core/audit/parse, AppArmor', () => {
  const body = 'apparmor="DENIED" operation="open" profile="web" name="/etc/shadow" pid=77 comm="cat"';
  const shadow = {
    type: 'apparmor',
    timestamp: '1735689600.042:903',
    pid: 77,
    executable: '',
    apparmor: 'DENIED',
    operation: 'open',
    profile: 'web',
    name: '/etc/shadow',
    extraInfo: '',
  };

  it('reads the kernel, auditd, and old kinds of records, with single quotes in what is beside', () => {
    for (const head of ['audit: type=1400 audit', 'type=AVC msg=audit', 'type=APPARMOR_DENIED msg=audit']) {
      expect(parse(`${head}(1735689600.042:903): ${body}`), head).to.deep.equal(shadow);
    }
    const more = ' requested_mask="r" denied_mask="r" fsuid=1000 ouid=0\x1dFSUID="a"';
    const extraInfo = "requested_mask='r' denied_mask='r' fsuid=1000 ouid=0";
    expect(parse(`type=AVC msg=audit(1735689600.042:903): ${body}${more}`)).to.deep.equal({ ...shadow, extraInfo });
  });

  it('reads records without a name', () => {
    const line =
      'type=1400 audit(1.1:1): apparmor="DENIED" operation="capable" profile="web" pid=3 comm="x" capability=12';
    expect(parse(line)).to.deep.include({ name: '', operation: 'capable', extraInfo: 'capability=12' });
  });
});

describe('core/audit/parse, records of AppArmor as newer kernels and other tools write them', () => {
  const body = 'apparmor="DENIED" operation="open" class="file" profile="web" name="/etc/shadow" pid=77 comm="cat"';
  const head = '(1735689600.042:903): ';
  const shadow = { timestamp: '1735689600.042:903', apparmor: 'DENIED', operation: 'open', profile: 'web', pid: 77 };

  it('reads them behind every prefix', () => {
    for (const prefix of [
      'type=AVC msg=audit',
      'type=APPARMOR_DENIED msg=audit',
      'type=1400 msg=audit',
      'type=1400 audit',
      'audit: type=1400 audit',
      'node=n1 type=AVC msg=audit',
      'kernel: [   17.000012] audit: type=1400 audit',
      '[   17.000012] audit: type=1400 audit',
      '<5>[   17.000012] audit: type=1400 audit',
      'Jan  1 00:00:00 n1 kernel: [   17.000012] audit: type=1400 audit',
      '2026-01-01T00:00:00.000000+00:00 n1 kernel: audit: type=1400 audit',
    ]) {
      const record = parse(`${prefix}${head}${body} requested_mask="r" denied_mask="r" fsuid=0 ouid=0`);
      expect(record, prefix).to.deep.include({ ...shadow, name: '/etc/shadow' });
    }
  });

  it('passes over keys that it does not know, and keeps them', () => {
    const record = parse(`type=AVC msg=audit${head}${body} requested="r" denied="r" target="x" new_key=7`);
    expect(record).to.deep.include({
      ...shadow,
      extraInfo: "class='file' requested='r' denied='r' target='x' new_key=7",
    });
  });

  it('decodes names without quotes in upper and lower case, and none in quotes', () => {
    const name = (value: string) => {
      const record = parse(
        `type=AVC msg=audit${head}apparmor="DENIED" operation="open" profile=776562 name=${value} pid=7`,
      );
      return record?.type === 'apparmor' ? [record.profile, record.name] : undefined;
    };
    expect(name('2F746D702F6120622E747874')).to.deep.equal(['web', '/tmp/a b.txt']);
    expect(name('2f746d702f6120622e747874')).to.deep.equal(['web', '/tmp/a b.txt']);
    expect(name('"2F746D70"')).to.deep.equal(['web', '2F746D70']);
  });

  it('ends at the names that auditd adds', () => {
    const record = parse(`type=AVC msg=audit${head}${body} fsuid=33 ouid=0\x1dFSUID="www-data" OUID="root"`);
    expect(record).to.deep.include({ ...shadow, extraInfo: "class='file' fsuid=33 ouid=0" });
  });

  it('names the program that a profile in complain mode started', () => {
    const record = parse(`type=AVC msg=audit${head}${body.replace('"web"', '"web//null-/bin/sh"')}`);
    expect(record).to.deep.include({ ...shadow, profile: 'web//null-/bin/sh' });
  });

  it('reads the records of user namespaces, which have other keys', () => {
    const line = `type=AVC msg=audit${head}apparmor="DENIED" operation="userns_create" class="namespace" info="Userns create restricted - failed to find unprivileged_userns profile" error=-13 profile="web" pid=77 comm="unshare" requested="userns_create" denied="userns_create"`;
    expect(parse(line)).to.deep.include({ ...shadow, operation: 'userns_create', name: '' });
  });
});

describe('core/audit/parse, system calls', () => {
  it('are read for the executable that they name', () => {
    const line =
      'type=SYSCALL msg=audit(1.1:7): arch=c000003e syscall=257 success=no exit=-13 pid=815 comm="nginx" exe="/usr/sbin/nginx" subj=a key=(null)';
    expect(parse(line)).to.deep.equal({ type: 'companion', timestamp: '1.1:7', executable: '/usr/sbin/nginx' });
  });
});

describe('core/audit/parse, other lines', () => {
  for (const line of [
    '',
    'type=',
    'type=1326 syscall=1',
    'audit: type=1326 audit(1.1:1):',
    'type=1016 audit(1735689600.042:904): pid=1 syscall=1',
    'kauditd_printk_skb: 1 callbacks suppressed',
    `type=1423 audit(1735689600.042:905): domain=195ba459b blockers=fs.make_reg pid=4 syscall=1`,
    `type=USER_AVC msg=audit(1.1:1): pid=1 uid=81 msg='avc:  denied  { send_msg } for  pid=1 scontext=a tcontext=b tclass=dbus'`,
    `type=USER_CMD msg=audit(1.1:1): pid=1 msg='type=1326 audit(1.1:1): pid=1 syscall=1 exe="/x"'`,
    'type=1326 audit(yesterday): pid=1 syscall=1',
    'type=1326 audit(1.1:1): pid=x syscall=1',
    'type=1326 audit(1.1:1): pid=1 syscall=',
  ]) {
    it(`are passed over: ${line.slice(0, 60)}`, () => expect(parse(line)).to.equal(undefined));
  }
});

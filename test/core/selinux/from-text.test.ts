// SPDX-License-Identifier: Apache-2.0
// SelinuxProfiles of policies in CIL and of logs.
import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { profileOfCil } from '../../../src/core/selinux/from-cil.ts';
import { holdsAvc, profileOfLog } from '../../../src/core/selinux/from-log.ts';
import { renderCil } from '../../../src/core/selinux/render.ts';
import { allowMap, allowRules } from '../../../src/core/selinux/rules.ts';

const AVC =
  'type=AVC msg=audit(1613173578.156:2945): avc:  denied  { read open } for  pid=75593 comm="x" name="y" ' +
  'scontext=system_u:system_r:web_ns.process:s0:c4,c808 tcontext=system_u:object_r:var_log_t:s0 tclass=file permissive=1';

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidProfile) return error.faults.map(({ field, reason }) => `${field}: ${reason}`);
    throw error;
  }
  return [];
}

describe('core/selinux/from-cil and from-log', () => {
  it('reads what udica writes', () => {
    const text = `; made by udica
      (block my_container
        (blockinherit container)
        (blockinherit log_container)
        (allow process process ( capability ( chown syslog )))
        (allow process http_port_t ( tcp_socket (  name_bind )))
        (typepermissive process)
      )`;
    expect(profileOfCil(text, 'x')).to.deep.equal({
      name: 'my_container',
      spec: {
        allow: {
          '@self': { capability: ['chown'], capability2: ['syslog'] },
          http_port_t: { tcp_socket: ['name_bind'] },
        },
        inherit: [
          { kind: 'System', name: 'container' },
          { kind: 'System', name: 'log_container' },
        ],
        permissive: true,
      },
    });
  });

  it('names each statement that has no readable form, with its place', () => {
    const text =
      '(block a\n(blockinherit container)\n(type t)\n (allow t etc_t (file (read)))\n(allow process etc_t (file (all)))\n)';
    expect(faultsOf(() => profileOfCil(text, 'x'))).to.deep.equal([
      'line 3, column 1: has no form in a SelinuxProfile; a RawSelinuxProfile can have it',
      'line 4, column 2: has no form in a SelinuxProfile; a RawSelinuxProfile can have it',
      'spec.allow.etc_t.file[0]: all is no permission: name each one that is needed',
    ]);
    expect(faultsOf(() => profileOfCil('(block a', 'x'))).to.deep.equal([
      'line 1, column 1: a parenthesis that is not closed',
    ]);
  });

  it('reads what it prints', () => {
    const words = fc.subarray(['read', 'write', 'open'], { minLength: 1 });
    const classes = fc.dictionary(fc.constantFrom('file', 'dir'), words, { minKeys: 1 });
    const allow = fc.dictionary(fc.constantFrom('@self', 'a_t', 'b.c', '.d'), classes);
    fc.assert(
      fc.property(allow, fc.boolean(), (map, permissive) => {
        const profile = { metadata: { name: 'web', namespace: 'ns' }, spec: { allow: map, permissive } };
        const { cil } = renderCil(profile, { limit: {}, find: () => undefined });
        const { name, spec } = profileOfCil(cil, 'x');
        expect(name).to.equal('web_ns');
        expect(spec.allow).to.deep.equal(allowMap(allowRules([map])));
        expect(spec.permissive === true).to.equal(permissive);
      }),
    );
  });

  it('learns from a log', () => {
    const other = AVC.replace('var_log_t:s0', 'b_t:s0:c9');
    expect(holdsAvc(AVC)).to.equal(true);
    expect(profileOfLog(`noise\n${AVC}\n${AVC.replace('denied ', 'granted')}\n${other}\n`, 'x')).to.deep.equal({
      name: 'web',
      spec: {
        allow: { b_t: { file: ['open', 'read'] }, var_log_t: { file: ['open', 'read'] } },
        inherit: [{ kind: 'System', name: 'container' }],
      },
      warnings: ['b_t file s0:c9 (1 times) has a level that the process did not have; no rule changes that'],
    });
  });

  it('refuses a log without records, or of several domains', () => {
    expect(faultsOf(() => profileOfLog('', 'x'))).to.deep.equal([': has no record of an access that SELinux refused']);
    const other = AVC.replace('web_ns.process', 'spc_t');
    expect(faultsOf(() => profileOfLog(`${AVC}\n${other}`, 'x'))[0]).to.include('spc_t, web_ns.process');
  });
});

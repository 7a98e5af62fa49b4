// SPDX-License-Identifier: Apache-2.0
// convert, merge and validate of SelinuxProfiles and RawSelinuxProfiles, over the files of a fake machine.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseYaml } from '../../src/io/yaml.ts';
import { spocOver } from './over-files.ts';

const MANUAL = readFileSync(
  path.join(import.meta.dirname, '../golden/manual/09-selinuxprofile-nginx-secure.yaml'),
  'utf8',
);

const SUCCESS = { type: 'status', status: 0 };
const ALLOW = { var_log_t: { file: ['open', 'append'] } };

function object(kind: string, name: string, spec: object): string {
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1alpha2';
  return JSON.stringify({ apiVersion, kind, metadata: { name, namespace: 'ns' }, spec });
}

const profile = (name: string, spec: object) => object('SelinuxProfile', name, spec);

async function specIn(text: string): Promise<unknown> {
  const [value] = await parseYaml(text);
  return (value as { readonly spec?: unknown }).spec;
}

describe('spoc for profiles of SELinux', () => {
  it("converts the manual's profile to the module that it shows, with the own type by a word", async () => {
    const { out, terminal } = await spocOver(['convert', '-o', '/out', '/a'], { '/a': MANUAL });
    expect(out.split('\n')).to.deep.equal([
      '(block nginx-secure_nginx-deploy',
      '(blockinherit container)',
      '(allow process self ( tcp_socket ( listen )))',
      '(allow process http_cache_port_t ( tcp_socket ( name_bind )))',
      '(allow process node_t ( tcp_socket ( node_bind )))',
      ')',
      '',
    ]);
    expect(terminal.logged).to.deep.equal([]);
  });

  it('converts both kinds to CIL', async () => {
    const { end, out } = await spocOver(['convert', '-o', '/out', '/a'], { '/a': profile('web', { allow: ALLOW }) });
    expect(end).to.deep.equal(SUCCESS);
    expect(out).to.equal(
      '(block web_ns\n(blockinherit container)\n(allow process var_log_t ( file ( append open )))\n)\n',
    );
    const policy = '; why\n(blockinherit container)';
    const raw = await spocOver(['convert', '-o', '/out', '/a'], {
      '/a': object('RawSelinuxProfile', 'web', { policy }),
    });
    expect(raw.out).to.equal('(block web_ns\n\n(blockinherit container)\n)\n');
  });

  it('makes an object of a policy, and of a log', async () => {
    const cil = '(block my_web\n(blockinherit container)\n(allow process var_log_t (file (append open))))';
    const inherit = [{ kind: 'System', name: 'container' }];
    const wanted = { allow: { var_log_t: { file: ['append', 'open'] } }, inherit };
    const made = await spocOver(['convert', '-o', '/out', '-t', 'selinux', '/a.cil'], { '/a.cil': cil });
    expect(await specIn(made.out)).to.deep.equal(wanted);
    expect(made.out).to.include('name: my-web');
    const log =
      'type=AVC msg=audit(1.0:1): avc:  denied  { append open } for  pid=1 comm="x" ' +
      'scontext=u:r:t.process:s0 tcontext=u:r:var_log_t:s0:c1 tclass=file permissive=1\n';
    const learnt = await spocOver(['convert', '-o', '/out', '-t', 'selinux', '/a.log'], { '/a.log': log });
    expect(await specIn(learnt.out)).to.deep.equal(wanted);
    expect(learnt.out).to.include('name: a\n');
    expect(learnt.terminal.logged.join('\n')).to.include('var_log_t file s0:c1 (1 times) has a level');
  });

  it('merges and compares', async () => {
    const files = {
      '/a': profile('a', { allow: ALLOW }),
      '/b': profile('b', { allow: { '@self': { process: ['fork'] } } }),
    };
    const { end, out } = await spocOver(['merge', '-o', '/out', '/a', '/b'], files);
    expect(end).to.deep.equal(SUCCESS);
    expect(await specIn(out)).to.deep.equal({
      allow: { '@self': { process: ['fork'] }, var_log_t: { file: ['append', 'open'] } },
      inherit: [{ kind: 'System', name: 'container' }],
    });
    expect((await spocOver(['merge', '-c', '/a', '/b'], files)).end).to.deep.equal({ type: 'status', status: 1 });
    expect((await spocOver(['merge', '-c', '/a', '/a'], files)).end).to.deep.equal(SUCCESS);
    const raws = { '/a': object('RawSelinuxProfile', 'a', { policy: '(type a)' }) };
    expect((await spocOver(['merge', '-o', '/out', '/a', '/a'], raws)).end).to.include('no union');
  });

  it('says what the operator would say of a profile', async () => {
    const files = {
      '/a': profile('a', { allow: { security_t: { security: ['load_policy'] } } }),
      '/b': profile('b', { inherit: [{ name: 'log_container' }], allow: { '@self': { capability: ['chown'] } } }),
      '/c': object('RawSelinuxProfile', 'c', { policy: '(type a)\n(typ b)' }),
      '/d': profile('d', { allow: { etc_t: { file: ['all'] } } }),
    };
    const { terminal } = await spocOver(['validate', '/a', '/b', '/c', '/d'], files);
    const { printed } = terminal;
    expect(printed).to.include('spec.allow.security_t.security: the permission load_policy');
    expect(printed).to.include('log_container must be in selinuxOptions.allowedSystemProfiles');
    expect(printed).to.include('the class capability is a risk');
    expect(printed).to.include('spec.policy: line 2, column 1: "typ" is no statement');
    expect(printed).to.include('spec.allow.etc_t.file[0]: all is no permission');
  });

  it('refuses what has no form', async () => {
    const bad = await spocOver(['convert', '-o', '/out', '-t', 'selinux', '/a'], { '/a': '(type a)' });
    expect(bad.end).to.include('line 1, column 1: has no form in a SelinuxProfile');
    const program = await spocOver(['convert', '-p', '/bin/a', '/a'], { '/a': profile('a', {}) });
    expect(program.end).to.include('SELinux has no profiles of programs');
    const form = await spocOver(['convert', '-p', '/bin/a', '-t', 'selinux', '/a'], { '/a': profile('a', {}) });
    expect(form.end).to.include('/a: --program-name: is for the policy that nodes compile, and not for an object');
    const fault = await spocOver(['convert', '/a'], { '/a': object('RawSelinuxProfile', 'c', { policy: '(' }) });
    expect(fault.end).to.include('spec.policy: line 1, column 1: a parenthesis that is not closed');
  });
});

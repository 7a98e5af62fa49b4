// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseYaml } from '../../src/io/yaml.ts';
import { spocOver } from './over-files.ts';

const MANUAL = readFileSync(
  path.join(import.meta.dirname, '../golden/manual/11-apparmorprofile-test-profile.yaml'),
  'utf8',
);

function object(name: string, spec: object, metadata: object = {}): string {
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1alpha1';
  return JSON.stringify({ apiVersion, kind: 'AppArmorProfile', metadata: { name, ...metadata }, spec });
}

const reading = (...readOnlyPaths: readonly string[]) => ({ abstract: { filesystem: { readOnlyPaths } } });

const SUCCESS = { type: 'status', status: 0 };

describe('spoc convert of an AppArmorProfile', () => {
  it("writes the manual's policy as a node compiles it", async () => {
    const { end, out } = await spocOver(['convert', '-o', '/out', '/a'], { '/a': MANUAL });
    expect(end).to.deep.equal(SUCCESS);
    expect(out).to.match(/^abi <abi\/3.0>,\n#include <tunables\/global>\n\nprofile test-profile [^]*\n}\n$/);
  });

  it('writes the abstract form as a policy, for a program too', async () => {
    const files = { '/a': object('web', reading('/etc/*')) };
    const { out } = await spocOver(['convert', '-o', '/out', '-t', 'raw-apparmor', '/a'], files);
    expect(out).to.contain('profile "web" flags=').and.contain('  "/etc/*" r,\n');
    const named = await spocOver(['convert', '-o', '/out', '-p', '/usr/bin/web', '/a'], files);
    expect(named.out).to.contain('profile "/usr/bin/web" flags=');
  });

  it('writes an object in its canonical form, and makes one of a policy', async () => {
    const { out } = await spocOver(['convert', '-o', '/out', '-t', 'apparmor', '/a'], {
      '/a': object('web', reading('/b', '/a', '/a//c'), { labels: { x: 'y' } }),
    });
    expect((await parseYaml(out))[0]).to.deep.equal({
      ...(JSON.parse(object('web', reading('/a', '/a/c', '/b'), { labels: { x: 'y' } })) as object),
    });
    const policy = '#include <tunables/global>\nprofile web flags=(complain) {\n  file,\n}\n';
    const made = await spocOver(['convert', '-o', '/out', '-t', 'apparmor', '/a'], { '/a': policy });
    expect((await parseYaml(made.out))[0]).to.deep.equal(JSON.parse(object('web', { policy })));
  });

  it('puts a policy into the abstract form, or names what has none', async () => {
    const convert = (text: string) =>
      spocOver(['convert', '-o', '/out', '-t', 'abstract-apparmor', '/a'], { '/a': text });
    const policy = 'profile web {\n  /etc/hosts r,\n}\n';
    const made = await convert(policy);
    expect((await parseYaml(made.out))[0]).to.deep.equal(JSON.parse(object('web', reading('/etc/hosts'))));
    expect(made.terminal.logged).to.include(
      '/a: line 1, column 9: the abstract form has what abstractions/base allows besides',
    );
    const ofObject = await convert(object('web', { complainMode: true, policy }, { namespace: 'n' }));
    expect((await parseYaml(ofObject.out))[0]).to.deep.equal(
      JSON.parse(object('web', { complainMode: true, ...reading('/etc/hosts') }, { namespace: 'n' })),
    );
    const same = object('web', reading('/etc/hosts'));
    expect((await parseYaml((await convert(same)).out))[0]).to.deep.equal(JSON.parse(same));
    expect((await convert(MANUAL)).end).to.match(/line 9, column 3: the abstract form has no words for a refusal/);
    const named = await convert(object('api', { policy }));
    expect(named.end).to.match(/names web, and must be named as the object: api/);
  });

  it('tells every fault, and what is another kind', async () => {
    const faulty = await spocOver(['convert', '/a'], { '/a': object('web', reading('/a{b}', '/c/../d')) });
    expect(faulty.end).to.match(/readOnlyPaths\[0\]: .*readOnlyPaths\[1\]: /);
    const other = await spocOver(['convert', '-t', 'raw-seccomp', '/a'], { '/a': MANUAL });
    expect(other.end).to.match(/is of the kind AppArmorProfile, which is no raw-seccomp/);
    const name = await spocOver(['convert', '/a'], { '/a': object('web', { policy: 'profile x { }' }) });
    expect(name.end).to.match(/spec.policy: line 1, column 9: the profile is named x/);
    const path = await spocOver(['convert', '-t', 'apparmor', '/a'], { '/a': '/usr/bin/web { file, }\n' });
    expect(path.end).to.match(/named \/usr\/bin\/web, as no object can be/);
    const none = await spocOver(['convert', '-t', 'apparmor', '/a'], { '/a': 'file,\n' });
    expect(none.end).to.match(/holds no profile of AppArmor/);
  });
});

describe('spoc merge of AppArmorProfiles', () => {
  it('writes the union under the name of the first', async () => {
    const incomplete = { annotations: { 'spo.x-k8s.io/recording-incomplete': 'lost' } };
    const { end, out } = await spocOver(['merge', '-o', '/out', '/a', '/b'], {
      '/a': object('first', reading('/a')),
      '/b': object('second', { abstract: { filesystem: { writeOnlyPaths: ['/a', '/b'] } } }, incomplete),
    });
    expect(end).to.deep.equal(SUCCESS);
    const filesystem = { readWritePaths: ['/a'], writeOnlyPaths: ['/b'] };
    // Of the one recording: the other part says of none.
    const counted = '{"version":"v1","total":1,"accesses":{"write /a":1,"write /b":1}}';
    const annotations = { ...incomplete.annotations, 'spo.x-k8s.io/access-coverage': counted };
    expect((await parseYaml(out))[0]).to.deep.equal(
      JSON.parse(object('first', { abstract: { filesystem } }, { annotations })),
    );
  });

  it('--check asks whether the first allows all', async () => {
    const files = { '/a': object('a', reading('/etc/**')), '/b': object('b', reading('/etc/hosts')) };
    expect((await spocOver(['merge', '--check', '/a', '/b'], files)).end).to.deep.equal(SUCCESS);
    const { end, terminal } = await spocOver(['merge', '--check', '/b', '/a'], files);
    expect(end).to.deep.equal({ type: 'status', status: 1 });
    expect(terminal.logged.join()).to.match(/does not cover[^]*- \/etc\/hosts/);
  });

  it('merges neither kinds nor policies', async () => {
    const seccomp = JSON.stringify({
      kind: 'SeccompProfile',
      metadata: { name: 's' },
      spec: { defaultAction: 'SCMP_ACT_LOG' },
    });
    const kinds = await spocOver(['merge', '-o', '/out', '/a', '/b'], {
      '/a': object('a', reading('/a')),
      '/b': seccomp,
    });
    expect(kinds.end).to.match(/\/b: is SeccompProfile, and is not merged with the AppArmorProfile before it/);
    const policies = await spocOver(['merge', '-o', '/out', '/a', '/a'], { '/a': MANUAL });
    expect(policies.end).to.match(/spec.policy: is in AppArmor's own language/);
    expect((await spocOver(['merge', '/a'], { '/a': MANUAL })).end).to.match(/at least two/);
  });
});

describe('spoc validate of an AppArmorProfile', () => {
  it("finds no fault in the manual's example, and warns of what a node would refuse", async () => {
    const good = await spocOver(['validate', '/a'], { '/a': MANUAL });
    expect(good.terminal.printed).to.equal('');
    const bad = await spocOver(['validate', '/a'], { '/a': object('web', reading('/ok', '/a{b}')) });
    expect(bad.terminal.printed).to.match(/^\/a:1: warning: spec.abstract.filesystem.readOnlyPaths\[1\]: "\/a\{b\}": /);
  });
});

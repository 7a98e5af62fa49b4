// SPDX-License-Identifier: Apache-2.0
// Containers that are recorded from the audit log into SelinuxProfiles and AppArmorProfiles, beside seccomp ones: each
// kind of profile is written by itself, and finished with the container.
import { expect } from 'chai';
import { parseAuditLine } from '../../../src/core/audit/parse.ts';
import { LABEL } from '../../../src/core/names.ts';
import type { LearntProfile } from '../../../src/core/recording/kinds/learner.ts';
import type { RecordedKind } from '../../../src/core/recording/request.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../../src/gen/kinds.ts';
import { containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const START = Date.parse('2026-01-01T00:00:00Z');
const RESOURCES = {
  SeccompProfile: SECCOMP_PROFILE,
  SelinuxProfile: SELINUX_PROFILE,
  AppArmorProfile: APP_ARMOR_PROFILE,
} as const;
const HEAD = 'type=AVC msg=audit(1767225601.000:9): ';
const AVC =
  `${HEAD}avc:  denied  { read } for  pid=7 comm="web" scontext=system_u:system_r:selinuxrecording.process:s0 ` +
  'tcontext=system_u:object_r:etc_t:s0 tclass=file permissive=1';
const ARMOR =
  `${HEAD}apparmor="ALLOWED" operation="open" profile="log-enricher-trace" name="/etc/web" pid=7 comm="web" ` +
  'requested_mask="r" denied_mask="r" fsuid=0 ouid=0';

describe('handlers/node, recordings of SELinux and AppArmor', function () {
  this.timeout(120_000);
  let world: RecordingNodeWorld;

  beforeEach(async () => {
    world = new RecordingNodeWorld('logs');
    await world.start();
  });
  afterEach(() => world.stop());

  const profile = (kind: RecordedKind, name: string): LearntProfile | undefined =>
    world.server.get(RESOURCES[kind], { namespace: 'ns', name }) as LearntProfile | undefined;
  const isFinished = (kind: RecordedKind, name: string): boolean =>
    profile(kind, name) !== undefined && profile(kind, name)?.metadata.labels?.[LABEL.partial] === undefined;

  function note(line: string): void {
    const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'selinux' && record?.type !== 'apparmor') throw new Error(`no access: ${line}`);
    world.captures.noteAccess(A, record, START + 1000);
  }

  function pod(annotations: Readonly<Record<string, string>>, phase = 'Running', exit?: number): void {
    const container = { id: A, ...(exit === undefined ? {} : { exit }) };
    world.pod('web', { annotations, spec: { restartPolicy: 'Never' }, phase, containers: [container] });
  }

  it('write a profile of each kind, which no node installs until the container has ended', async () => {
    const annotations = {
      'io.containers.trace-logs/main': 'calls_main_abcde_1767225600',
      'io.containers.trace-avcs/main': 'avcs_main_abcde_1767225600',
      'io.containers.trace-logs-apparmor/main': 'armor_main_abcde_1767225600',
    };
    world.recording('calls');
    world.recording('avcs', { kind: 'SelinuxProfile' });
    world.recording('armor', { kind: 'AppArmorProfile' });
    pod(annotations);
    await world.until('its container is known', () => world.captures.get(A) !== undefined);
    world.calls(A, 'mkdir');
    note(AVC);
    note(ARMOR);
    const kinds = [
      ['SeccompProfile', 'calls-main'],
      ['SelinuxProfile', 'avcs-main'],
      ['AppArmorProfile', 'armor-main'],
    ] as const;
    await world.until('all are there', () => kinds.every(([kind, name]) => profile(kind, name) !== undefined));
    expect(kinds.map(([kind, name]) => isFinished(kind, name))).to.deep.equal([false, false, false]);
    world.time = 60;
    pod(annotations, 'Succeeded', 0);
    await world.until('all are finished', () => kinds.every(([kind, name]) => isFinished(kind, name)));
    expect(profile('SelinuxProfile', 'avcs-main')?.spec).to.have.deep.property('allow', { etc_t: { file: ['read'] } });
    expect(profile('AppArmorProfile', 'armor-main')?.spec).to.deep.equal({
      abstract: { filesystem: { readOnlyPaths: ['/etc/web'] } },
    });
    expect(world.reasons()).to.not.include('CannotCreateProfile');
  });

  it('make a profile of a container of which nothing was logged', async () => {
    const annotations = { 'io.containers.trace-avcs/main': 'avcs_main_abcde_1767225600' };
    world.recording('avcs', { kind: 'SelinuxProfile' });
    pod(annotations);
    await world.until('it is there', () => profile('SelinuxProfile', 'avcs-main') !== undefined);
    world.time = 60;
    pod(annotations, 'Succeeded', 0);
    await world.until('it is finished', () => isFinished('SelinuxProfile', 'avcs-main'));
    expect(profile('SelinuxProfile', 'avcs-main')?.spec).to.deep.equal({
      inherit: [{ kind: 'System', name: 'container' }],
      allow: {},
    });
    expect(profile('SeccompProfile', 'avcs-main')).to.equal(undefined);
  });
});

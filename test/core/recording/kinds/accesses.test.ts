// SPDX-License-Identifier: Apache-2.0
// Profiles of SELinux and AppArmor made of what was logged of containers, written again, and merged.
import { expect } from 'chai';
import { parseAuditLine } from '../../../../src/core/audit/parse.ts';
import { ANNOTATION } from '../../../../src/core/names.ts';
import { CaptureEntry } from '../../../../src/core/recording/capture-entry.ts';
import { summaryOf } from '../../../../src/core/recording/evidence.ts';
import type { LearntProfile } from '../../../../src/core/recording/kinds/learner.ts';
import { mergeRecordings } from '../../../../src/core/recording/merge-partials.ts';
import { recordedPart, recordedProfile } from '../../../../src/core/recording/recorded-profile.ts';
import type { ProfileOrigin } from '../../../../src/core/recording/recorded-profile.ts';
import type { RecordedKind } from '../../../../src/core/recording/request.ts';

const NODE = { name: 'n', native: 'SCMP_ARCH_X86_64' } as const;
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const HEAD = `type=AVC msg=audit(${String(BEGAN / 1000 + 5)}.000:9): `;

interface Avc {
  readonly perm: string;
  readonly target?: string;
  readonly tclass?: string;
  readonly source?: string;
  readonly level?: string;
}

function avc({ perm, target = 'etc_t', tclass = 'file', source = 'selinuxrecording.process', level = 's0' }: Avc) {
  const contexts = `scontext=system_u:system_r:${source}:s0:c1,c2 tcontext=system_u:object_r:${target}:${level}`;
  return `${HEAD}avc:  denied  { ${perm} } for  pid=7 comm="web" ${contexts} tclass=${tclass} permissive=1`;
}

function armor(fields: string, profile = 'log-enricher-trace'): string {
  return `${HEAD}apparmor="ALLOWED" profile="${profile}" pid=7 comm="web" ${fields}`;
}

function originOf(kind: RecordedKind): ProfileOrigin {
  const named = { recording: 'rec', namespace: 'ns', container: 'web', recorder: 'logs' } as const;
  return { kind, ...named, isPart: false, isDisabled: false };
}

/** The part of a container that ran for ten seconds. */
function partOf(kind: RecordedKind, lines: readonly string[], { id = 'a', hasBegun = true } = {}) {
  const entry = new CaptureEntry(id.repeat(64));
  entry.place({ pod: `pod-${id}`, container: 'web' });
  if (hasBegun) entry.began(BEGAN);
  if (hasBegun) entry.ended(BEGAN + 10_000);
  for (const line of lines) {
    const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'selinux' && record?.type !== 'apparmor') throw new Error(`no access: ${line}`);
    entry.noteAccess(record, BEGAN + 5000);
  }
  const run = { capture: entry.capture(), pod: `pod-${id}`, isSettled: true, since: 0 };
  return recordedPart(originOf(kind), [run], NODE);
}

function profileOf(kind: RecordedKind, lines: readonly string[], id = 'a', existing?: LearntProfile): LearntProfile {
  const part = partOf(kind, lines, { id });
  if (part === undefined) throw new Error('nothing has run');
  return { ...recordedProfile('rec-web', originOf(kind), part, existing), status: {} } as LearntProfile;
}

/** The gaps that every profile of these kinds tells of, and others before. */
const gapsOf = ({ metadata }: LearntProfile): readonly string[] =>
  metadata.annotations?.[ANNOTATION.recordingIncomplete]?.split('; ') ?? [];
const STANDING =
  'the kernel may log an access once for several containers: those that another one had before may be missing';

const coverage = (parts: readonly LearntProfile[]): unknown =>
  JSON.parse(mergeRecordings(parts).annotations[ANNOTATION.accessCoverage] ?? '');

describe('core/recording/kinds/selinux', () => {
  const kind = 'SelinuxProfile';

  it('allows what the permissive type has logged, beside what container allows', () => {
    const lines = [
      avc({ perm: 'read open' }),
      avc({ perm: 'read' }),
      avc({ perm: 'name_bind', target: 'http_cache_port_t', tclass: 'tcp_socket' }),
      avc({ perm: 'listen', target: 'selinuxrecording.process', tclass: 'tcp_socket' }),
    ];
    const profile = profileOf(kind, lines);
    expect(profile.apiVersion).to.equal('security-profiles-operator.x-k8s.io/v1alpha2');
    expect(profile.spec).to.deep.equal({
      inherit: [{ kind: 'System', name: 'container' }],
      allow: {
        '@self': { tcp_socket: ['listen'] },
        etc_t: { file: ['open', 'read'] },
        http_cache_port_t: { tcp_socket: ['name_bind'] },
      },
    });
    expect(gapsOf(profile)).to.deep.equal([STANDING]);
  });

  it('leaves out what the runtime does before the program begins', () => {
    const lines = [
      avc({ perm: 'transition', source: 'container_runtime_t', tclass: 'process' }),
      avc({ perm: 'read' }),
    ];
    expect(profileOf(kind, lines).spec).to.have.deep.property('allow', { etc_t: { file: ['read'] } });
  });

  it('says what no rule can permit, and loses none of it without a count', () => {
    const lines = [
      avc({ perm: 'read', level: 's0:c7,c9' }),
      avc({ perm: 'read', target: '?bad' }),
      avc({ perm: 'write', target: '?bad' }),
    ];
    expect(gapsOf(profileOf(kind, lines))).to.deep.equal([
      '2 accesses were of objects that no rule can name, and are not in the profile',
      '1 accesses were to objects of other categories, which no profile can permit',
      STANDING,
    ]);
  });

  it('is a profile of a container that needed nothing, and none of one that has not begun', () => {
    expect(partOf(kind, [], { hasBegun: false })).to.equal(undefined);
    const part = partOf(kind, []);
    expect(part?.spec).to.deep.equal({ inherit: [{ kind: 'System', name: 'container' }], allow: {} });
    expect(summaryOf(part!.evidence)).to.deep.include({ state: 'ended', seconds: 10 });
  });

  it('is the same when it is written again, and grows with a later run', () => {
    const first = profileOf(kind, [avc({ perm: 'read' })]);
    expect(profileOf(kind, [avc({ perm: 'read' })], 'a', first)).to.deep.equal(first);
    const grown = profileOf(kind, [avc({ perm: 'write' })], 'b', first);
    expect(grown.spec).to.have.deep.property('allow', { etc_t: { file: ['read', 'write'] } });
  });

  it('is merged with counts', () => {
    const parts = [profileOf(kind, [avc({ perm: 'read' })]), profileOf(kind, [avc({ perm: 'read write' })], 'b')];
    expect(coverage(parts)).to.deep.equal({
      version: 'v1',
      total: 2,
      accesses: { 'etc_t file read': 2, 'etc_t file write': 1 },
      alone: [['etc_t file write']],
    });
  });
});

describe('core/recording/kinds/apparmor', () => {
  const kind = 'AppArmorProfile';
  const open = (name: string, mask = 'r') =>
    armor(`operation="open" name="${name}" requested_mask="${mask}" denied_mask="${mask}" fsuid=0 ouid=0`);

  it('allows what the profile in complain mode has logged, also of programs that ran within it', () => {
    const lines = [
      open('/etc/web.conf'),
      open('/var/log/web.log', 'wc'),
      armor('operation="capable" capability=10 capname="net_bind_service"'),
      armor(
        'operation="create" family="inet" sock_type="stream" protocol=6 requested_mask="create" denied_mask="create"',
      ),
      armor(
        'operation="open" name="/etc/inner" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
        'log-enricher-trace//null-/bin/sh',
      ),
    ];
    const { spec, apiVersion } = profileOf(kind, lines);
    expect(apiVersion).to.equal('security-profiles-operator.x-k8s.io/v1alpha1');
    expect(spec).to.deep.equal({
      abstract: {
        filesystem: { readOnlyPaths: ['/etc/inner', '/etc/web.conf'], writeOnlyPaths: ['/var/log/web.log'] },
        network: { allowedProtocols: { allowTcp: true } },
        capability: { allowedCapabilities: ['net_bind_service'] },
      },
    });
  });

  it('leaves out what other profiles have logged', () => {
    const lines = [armor('operation="open" name="/x" requested_mask="r" denied_mask="r"', 'host-profile')];
    expect(profileOf(kind, lines).spec).to.deep.equal({ abstract: {} });
  });

  it('says what the abstract form does not have', () => {
    const lines = [armor('operation="ptrace" requested_mask="read" denied_mask="read" peer="x"')];
    expect(gapsOf(profileOf(kind, lines))).to.deep.equal([
      '1 accesses were of a sort that the abstract form of a profile does not have, and are not in it',
      STANDING,
    ]);
  });

  it('says for which paths there was no room, in the profile, in one that grows, and in a union', () => {
    // Names of which no two end alike, so that none of them can share their states.
    const many = Array.from({ length: 1000 }, (_, at) => open(`/data/${`${String(at)}-`.repeat(20)}`));
    const folded = (annotations: Readonly<Record<string, string>> = {}) => annotations[ANNOTATION.foldedPaths];
    const whole = profileOf(kind, [open('/etc/a')]);
    const one = profileOf(kind, many, 'b');
    expect([folded(whole.metadata.annotations), folded(one.metadata.annotations)]).to.deep.equal([
      undefined,
      '["/data/*"]',
    ]);
    const grown = profileOf(kind, [open('/etc/b')], 'c', one);
    expect(folded(grown.metadata.annotations)).to.equal('["/data/*"]');
    const odd = { ...whole, metadata: { ...whole.metadata, annotations: { [ANNOTATION.foldedPaths]: '{' } } };
    expect(folded(mergeRecordings([odd, one, grown]).annotations)).to.equal('["/data/*"]');
  });

  it('is merged with counts, of which only the total is told where there is no room for more', () => {
    const parts = [profileOf(kind, [open('/etc/a')]), profileOf(kind, [open('/etc/a'), open('/etc/b')], 'b')];
    expect(coverage(parts)).to.deep.equal({
      version: 'v1',
      total: 2,
      accesses: { 'read /etc/a': 2, 'read /etc/b': 1 },
      alone: [['read /etc/b']],
    });
    const long = Array.from({ length: 40 }, (_, at) => open(`/${String(at)}${`/${'x'.repeat(200)}`.repeat(10)}`));
    expect(coverage([profileOf(kind, long)])).to.deep.equal({ version: 'v1', total: 1, accesses: {} });
  });
});

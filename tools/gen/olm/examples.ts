// SPDX-License-Identifier: Apache-2.0
// An object of each kind, as OpenShift's console offers them to begin with.
import { GROUP, OPERATOR, SPOD } from '../../../src/core/names.ts';
import { KINDS } from '../../../src/gen/kinds.ts';

const SPECS: Readonly<Record<string, object>> = {
  AppArmorProfile: { spec: { abstract: { filesystem: { readOnlyPaths: ['/etc/**'] } } } },
  ProfileBinding: {
    spec: { profileRef: { kind: 'SeccompProfile', name: 'example' }, image: 'registry.example/app:1' },
  },
  ProfileRecording: {
    spec: { kind: 'SeccompProfile', recorder: 'bpf', podSelector: { matchLabels: { app: 'example' } } },
  },
  RawSelinuxProfile: { spec: { policy: '(blockinherit container)\n' } },
  SeccompProfile: {
    spec: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ action: 'SCMP_ACT_ERRNO', names: ['mount', 'umount2'] }] },
  },
  SecurityProfileNodeStatus: { nodeName: 'example' },
  SecurityProfilesOperatorDaemon: { spec: { verbosity: 0, enableBpfRecorder: true } },
  SelinuxProfile: { spec: { allow: { http_cache_port_t: { tcp_socket: ['name_bind'] } } } },
};

/** Of all kinds, in their order. */
export function examples(): readonly object[] {
  return KINDS.map(({ version, kind }) => {
    const isSpod = kind === 'SecurityProfilesOperatorDaemon';
    const metadata = isSpod ? { name: SPOD, namespace: OPERATOR } : { name: 'example' };
    return { apiVersion: `${GROUP}/${version}`, kind, metadata, ...SPECS[kind] };
  });
}

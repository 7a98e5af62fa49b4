// Generated from schemas/crd by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** How the API server serves a kind. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
}

/** AppArmorProfile, from schemas/crd/app-armor-profile.json. */
export const APP_ARMOR_PROFILE = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha1',
  kind: 'AppArmorProfile',
  plural: 'apparmorprofiles',
  singular: 'apparmorprofile',
  shortNames: ['aa'],
  scope: 'Namespaced',
} as const satisfies Kind;

/** ProfileBinding, from schemas/crd/profile-binding.json. */
export const PROFILE_BINDING = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha1',
  kind: 'ProfileBinding',
  plural: 'profilebindings',
  singular: 'profilebinding',
  shortNames: [],
  scope: 'Namespaced',
} as const satisfies Kind;

/** ProfileRecording, from schemas/crd/profile-recording.json. */
export const PROFILE_RECORDING = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha1',
  kind: 'ProfileRecording',
  plural: 'profilerecordings',
  singular: 'profilerecording',
  shortNames: [],
  scope: 'Namespaced',
} as const satisfies Kind;

/** RawSelinuxProfile, from schemas/crd/raw-selinux-profile.json. */
export const RAW_SELINUX_PROFILE = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha2',
  kind: 'RawSelinuxProfile',
  plural: 'rawselinuxprofiles',
  singular: 'rawselinuxprofile',
  shortNames: [],
  scope: 'Namespaced',
} as const satisfies Kind;

/** SeccompProfile, from schemas/crd/seccomp-profile.json. */
export const SECCOMP_PROFILE = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1beta1',
  kind: 'SeccompProfile',
  plural: 'seccompprofiles',
  singular: 'seccompprofile',
  shortNames: ['sp'],
  scope: 'Namespaced',
} as const satisfies Kind;

/** SecurityProfileNodeStatus, from schemas/crd/security-profile-node-status.json. */
export const SECURITY_PROFILE_NODE_STATUS = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha1',
  kind: 'SecurityProfileNodeStatus',
  plural: 'securityprofilenodestatuses',
  singular: 'securityprofilenodestatus',
  shortNames: ['spns'],
  scope: 'Namespaced',
} as const satisfies Kind;

/** SecurityProfilesOperatorDaemon, from schemas/crd/security-profiles-operator-daemon.json. */
export const SECURITY_PROFILES_OPERATOR_DAEMON = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha1',
  kind: 'SecurityProfilesOperatorDaemon',
  plural: 'securityprofilesoperatordaemons',
  singular: 'securityprofilesoperatordaemon',
  shortNames: ['spod'],
  scope: 'Namespaced',
} as const satisfies Kind;

/** SelinuxProfile, from schemas/crd/selinux-profile.json. */
export const SELINUX_PROFILE = {
  group: 'security-profiles-operator.x-k8s.io',
  version: 'v1alpha2',
  kind: 'SelinuxProfile',
  plural: 'selinuxprofiles',
  singular: 'selinuxprofile',
  shortNames: [],
  scope: 'Namespaced',
} as const satisfies Kind;

/** All kinds of this project. */
export const KINDS: readonly Kind[] = [
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
  RAW_SELINUX_PROFILE,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
  SELINUX_PROFILE,
];

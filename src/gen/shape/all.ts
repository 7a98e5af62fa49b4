// Generated from schemas/crd by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
import type { Shape } from './shape.ts';

/** The shapes by kind, loaded when they are asked for. */
export const SHAPES: Readonly<Record<string, () => Promise<Shape>>> = {
  AppArmorProfile: async () => (await import('./app-armor-profile.ts')).APP_ARMOR_PROFILE_SHAPE,
  ProfileBinding: async () => (await import('./profile-binding.ts')).PROFILE_BINDING_SHAPE,
  ProfileRecording: async () => (await import('./profile-recording.ts')).PROFILE_RECORDING_SHAPE,
  RawSelinuxProfile: async () => (await import('./raw-selinux-profile.ts')).RAW_SELINUX_PROFILE_SHAPE,
  SeccompProfile: async () => (await import('./seccomp-profile.ts')).SECCOMP_PROFILE_SHAPE,
  SecurityProfileNodeStatus: async () => (await import('./security-profile-node-status.ts')).SECURITY_PROFILE_NODE_STATUS_SHAPE,
  SecurityProfilesOperatorDaemon: async () => (await import('./security-profiles-operator-daemon.ts')).SECURITY_PROFILES_OPERATOR_DAEMON_SHAPE,
  SelinuxProfile: async () => (await import('./selinux-profile.ts')).SELINUX_PROFILE_SHAPE,
};

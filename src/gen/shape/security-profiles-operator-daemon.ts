// Generated from schemas/crd/security-profiles-operator-daemon.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { AFFINITY, CONDITIONS, LABEL_SELECTOR, LOCAL_OBJECT_REFERENCE, RESOURCE_REQUIREMENTS, SECCOMP_ACTION, TOLERATION } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a SecurityProfilesOperatorDaemon. */
export const SECURITY_PROFILES_OPERATOR_DAEMON_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha1"] },
    kind: { type: "string", enum: ["SecurityProfilesOperatorDaemon"] },
    metadata: {
      type: "object",
      properties: {
        name: { type: "string" },
        generateName: { type: "string" },
        namespace: { type: "string" },
        labels: { type: "object", others: { type: "string" } },
        annotations: { type: "object", others: { type: "string" } },
      },
      others: true,
    },
    spec: {
      type: "object",
      properties: {
        verbosity: { type: "integer", minimum: 0, maximum: 10 },
        enableProfiling: { type: "boolean" },
        enableMemoryOptimization: { type: "boolean" },
        enableSelinux: { type: "boolean" },
        selinuxTypeTag: {
          type: "string",
          minLength: 1,
          maxLength: 256,
          pattern: "^[A-Za-z0-9_.-]+$",
          hint: "must hold only letters, digits, dots, hyphens and underscores",
        },
        selinuxOptions: {
          type: "object",
          properties: {
            allowedSystemProfiles: {
              type: "array",
              maxItems: 256,
              unique: true,
              items: {
                type: "string",
                minLength: 1,
                maxLength: 253,
                pattern: "^[A-Za-z0-9_.-]+$",
                hint: "must hold only letters, digits, dots, hyphens and underscores",
              },
            },
          },
        },
        enableLogEnricher: { type: "boolean" },
        logEnricherFilters: { type: "string", maxLength: 65536 },
        enableBpfRecorder: { type: "boolean" },
        enableAppArmor: { type: "boolean" },
        tolerations: { type: "array", maxItems: 64, items: TOLERATION },
        affinity: AFFINITY,
        priorityClassName: { type: "string", maxLength: 253 },
        imagePullSecrets: { type: "array", maxItems: 64, items: LOCAL_OBJECT_REFERENCE },
        daemonResourceRequirements: RESOURCE_REQUIREMENTS,
        hostProcVolumePath: {
          type: "string",
          minLength: 1,
          maxLength: 4096,
          pattern: "^/proc(/([^/.\\x00]|\\.[^/.\\x00]|\\.\\.[^/\\x00])[^/\\x00]*)*$",
          hint: "must be /proc or a path below it, without empty, . or .. parts",
        },
        staticWebhookConfig: { type: "boolean" },
        runWebhookInManager: { type: "boolean" },
        webhookOptions: {
          type: "array",
          maxItems: 16,
          keys: ["name"],
          items: {
            type: "object",
            required: ["name"],
            properties: {
              name: { type: "string", minLength: 1, maxLength: 253 },
              failurePolicy: { type: "string", enum: ["Ignore", "Fail"] },
              namespaceSelector: LABEL_SELECTOR,
              objectSelector: LABEL_SELECTOR,
            },
          },
        },
        allowedSyscalls: {
          type: "array",
          maxItems: 1000,
          unique: true,
          items: {
            type: "string",
            minLength: 1,
            maxLength: 64,
            pattern: "^[^\\x00-\\x20\\x7f]+$",
            hint: "must be the name of a system call, without white space",
          },
        },
        allowedSeccompActions: { type: "array", maxItems: 16, unique: true, items: SECCOMP_ACTION },
        disableOciArtifactSignatureVerification: { type: "boolean" },
        ociVerification: {
          type: "array",
          maxItems: 64,
          items: {
            type: "object",
            required: ["prefix", "key"],
            properties: {
              prefix: {
                type: "string",
                minLength: 1,
                maxLength: 512,
                pattern: "^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$",
                hint: "must be a registry such as ghcr.io, with a path or without, and no tag",
              },
              key: {
                type: "string",
                minLength: 1,
                maxLength: 8192,
                pattern: "-----BEGIN (RSA )?PUBLIC KEY-----",
                hint: "must be a public key in PEM, as cosign.pub has it",
              },
              required: { type: "boolean" },
            },
          },
        },
        ociMirrors: {
          type: "array",
          maxItems: 64,
          items: {
            type: "object",
            required: ["prefix", "location"],
            properties: {
              prefix: {
                type: "string",
                minLength: 1,
                maxLength: 512,
                pattern: "^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$",
                hint: "must be a registry such as ghcr.io, with a path or without, and no tag",
              },
              location: {
                type: "string",
                minLength: 1,
                maxLength: 512,
                pattern: "^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$",
                hint: "must be a registry such as ghcr.io, with a path or without, and no tag",
              },
            },
          },
        },
        ociCaBundle: {
          type: "string",
          maxLength: 262144,
          pattern: "-----BEGIN CERTIFICATE-----",
          hint: "must be certificates in PEM",
        },
        ociRefreshSeconds: { type: "integer", minimum: 10, maximum: 2592000 },
      },
    },
    status: {
      type: "object",
      properties: {
        state: { type: "string", enum: ["PENDING", "CREATING", "UPDATING", "RUNNING", "ERROR"] },
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
      },
    },
  },
  rules: [
    {
      message: "the operator reads one object of this kind, which must be named spod",
      holds: (self) => (self.metadata.name === 'spod'),
    },
  ],
};

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
        useNodeSelinuxd: { type: "boolean" },
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
            deniedTypes: {
              type: "array",
              maxItems: 256,
              unique: true,
              items: {
                type: "string",
                minLength: 1,
                maxLength: 253,
                pattern: "^@?[A-Za-z0-9_.-]+$",
                hint: "must hold only letters, digits, dots, hyphens and underscores, or be @self",
              },
            },
            deniedClasses: {
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
            deniedPermissions: {
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
            allowedTypes: {
              type: "array",
              maxItems: 256,
              unique: true,
              items: {
                type: "string",
                minLength: 1,
                maxLength: 253,
                pattern: "^@?[A-Za-z0-9_.-]+$",
                hint: "must hold only letters, digits, dots, hyphens and underscores, or be @self",
              },
            },
            allowedClasses: {
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
            allowedPermissions: {
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
        enableJsonEnricher: { type: "boolean" },
        jsonEnricherFilters: { type: "string", maxLength: 65536 },
        jsonEnricherOptions: {
          type: "object",
          properties: {
            auditLogIntervalSeconds: { type: "integer", minimum: 1, maximum: 86400 },
            auditLogPath: {
              type: "string",
              maxLength: 255,
              pattern: "^/var/log/security-profiles-operator/[A-Za-z0-9_][A-Za-z0-9_.-]*$",
              hint: "must be a file in /var/log/security-profiles-operator",
            },
            auditLogMaxSize: { type: "integer", minimum: 1, maximum: 10240 },
            auditLogMaxBackups: { type: "integer", minimum: 0, maximum: 1000 },
            auditLogMaxAge: { type: "integer", minimum: 0, maximum: 3650 },
          },
        },
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
            required: ["prefix"],
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
              identity: { type: "string", minLength: 1, maxLength: 2048 },
              identityRegExp: { type: "string", minLength: 1, maxLength: 2048 },
              issuer: { type: "string", minLength: 1, maxLength: 2048 },
              issuerRegExp: { type: "string", minLength: 1, maxLength: 2048 },
              required: { type: "boolean" },
              requireRecording: { type: "boolean" },
            },
            rules: [
              {
                message: "a key or an identity must be given, and not both",
                holds: (self) => ((self.key !== undefined) !== ((self.identity !== undefined) || (self.identityRegExp !== undefined))),
              },
              {
                message: "identity and identityRegExp exclude each other",
                holds: (self) => (!(self.identity !== undefined) || !(self.identityRegExp !== undefined)),
              },
              {
                message: "an identity needs issuer or issuerRegExp, and a key has none",
                holds: (self) => ((self.key !== undefined) ? (!(self.issuer !== undefined) && !(self.issuerRegExp !== undefined)) : ((self.issuer !== undefined) !== (self.issuerRegExp !== undefined))),
              },
            ],
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
        ociCredentials: {
          type: "array",
          maxItems: 64,
          keys: ["prefix"],
          items: {
            type: "object",
            required: ["prefix", "secretName"],
            properties: {
              prefix: {
                type: "string",
                minLength: 1,
                maxLength: 512,
                pattern: "^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$",
                hint: "must be a registry such as ghcr.io, with a path or without, and no tag",
              },
              secretName: {
                type: "string",
                minLength: 1,
                maxLength: 253,
                pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
                hint: "must be the name of a Secret",
              },
            },
          },
        },
        ociTrustedRoot: {
          type: "string",
          maxLength: 131072,
          pattern: "trustedroot",
          hint: "must be the JSON of a trusted_root.json of sigstore",
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
        nodesWithoutAppArmor: { type: "array", maxItems: 5000, items: { type: "string", maxLength: 253 } },
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

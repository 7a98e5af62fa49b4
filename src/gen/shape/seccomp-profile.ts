// Generated from schemas/crd/seccomp-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, CONDITIONS, NODE_COUNTS, NODE_FAILURES, PROFILE_STATE, SECCOMP_ACTION, SECCOMP_ARCHITECTURE, SECCOMP_FLAG, UINT64 } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a SeccompProfile. */
export const SECCOMP_PROFILE_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1beta1"] },
    kind: { type: "string", enum: ["SeccompProfile"] },
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
      required: ["defaultAction"],
      properties: {
        disabled: { type: "boolean" },
        baseProfileName: { type: "string", minLength: 1, maxLength: 512 },
        defaultAction: SECCOMP_ACTION,
        defaultErrnoRet: { type: "integer", minimum: 0, maximum: 65535 },
        architectures: { type: "array", maxItems: 32, unique: true, items: SECCOMP_ARCHITECTURE },
        archMap: { type: "array", maxItems: 64, items: { type: "object", others: true } },
        defaultErrno: { type: "string", maxLength: 64 },
        flags: { type: "array", maxItems: 8, unique: true, items: SECCOMP_FLAG },
        listenerPath: {
          type: "string",
          maxLength: 107,
          pattern: "^/var/run/security-profiles-operator/\\.*[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$",
          hint: "must be /var/run/security-profiles-operator/ and a file name of letters, digits, dots, - and _, not of dots only",
        },
        listenerMetadata: { type: "string", maxLength: 4096 },
        syscalls: {
          type: "array",
          maxItems: 10000,
          items: {
            type: "object",
            required: ["names", "action"],
            properties: {
              names: {
                type: "array",
                minItems: 1,
                maxItems: 1000,
                items: {
                  type: "string",
                  minLength: 1,
                  maxLength: 64,
                  pattern: "^[^\\x00-\\x20\\x7f]+$",
                  hint: "must be the name of a system call, without white space",
                },
              },
              action: SECCOMP_ACTION,
              errnoRet: { type: "integer", minimum: 0, maximum: 65535 },
              includes: { type: "object", others: true },
              excludes: { type: "object", others: true },
              errno: { type: "string", maxLength: 64 },
              args: {
                type: "array",
                maxItems: 6,
                items: {
                  type: "object",
                  required: ["index", "op"],
                  properties: {
                    index: { type: "integer", minimum: 0, maximum: 5 },
                    op: {
                      type: "string",
                      enum: [
                        "SCMP_CMP_NE",
                        "SCMP_CMP_LT",
                        "SCMP_CMP_LE",
                        "SCMP_CMP_EQ",
                        "SCMP_CMP_GE",
                        "SCMP_CMP_GT",
                        "SCMP_CMP_MASKED_EQ",
                      ],
                    },
                    value: UINT64,
                    valueTwo: UINT64,
                  },
                },
              },
            },
            rules: [
              {
                field: ["errnoRet"],
                message: "errnoRet needs the action SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
                holds: (self) => ((!(self.errnoRet !== undefined) || (self.errnoRet === 0)) || ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'].includes(self.action)),
              },
              {
                field: ["includes"],
                message: "includes is a condition of Docker's and Podman's files, and nothing in a cluster resolves it: spoc convert -t seccomp does",
                holds: (self) => !(self.includes !== undefined),
              },
              {
                field: ["excludes"],
                message: "excludes is a condition of Docker's and Podman's files, and nothing in a cluster resolves it: spoc convert -t seccomp does",
                holds: (self) => !(self.excludes !== undefined),
              },
              {
                field: ["errno"],
                message: "errno is of Podman's files: write errnoRet, a number, or use spoc convert -t seccomp",
                holds: (self) => !(self.errno !== undefined),
              },
            ],
          },
        },
      },
      rules: [
        {
          field: ["defaultErrnoRet"],
          message: "defaultErrnoRet needs the default action SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
          holds: (self) => ((!(self.defaultErrnoRet !== undefined) || (self.defaultErrnoRet === 0)) || ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'].includes(self.defaultAction)),
        },
        {
          field: ["archMap"],
          message: "archMap is of Docker's and Podman's files, and nothing in a cluster resolves it: spoc convert -t seccomp does",
          holds: (self) => !(self.archMap !== undefined),
        },
        {
          field: ["defaultErrno"],
          message: "defaultErrno is of Podman's files: write defaultErrnoRet, a number, or use spoc convert -t seccomp",
          holds: (self) => !(self.defaultErrno !== undefined),
        },
      ],
    },
    status: {
      type: "object",
      properties: {
        status: PROFILE_STATE,
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
        path: { type: "string", maxLength: 4096 },
        localhostProfile: { type: "string", maxLength: 1024 },
        "seccompProfile.localhostProfile": { type: "string", maxLength: 1024 },
        baseArtifacts: {
          type: "array",
          maxItems: 15,
          items: {
            type: "object",
            required: ["name"],
            properties: {
              digest: { type: "string", maxLength: 256 },
              message: { type: "string", maxLength: 32768 },
              name: { type: "string", maxLength: 1024 },
              signer: { type: "string", maxLength: 1024 },
            },
          },
        },
        nodes: NODE_COUNTS,
        failures: NODE_FAILURES,
        activeWorkloads: ACTIVE_WORKLOADS,
        activeWorkloadCount: { type: "integer", minimum: 0, maximum: 2147483647 },
      },
    },
  },
  rules: [
    {
      field: ["spec", "baseProfileName"],
      message: "a profile cannot be its own base profile",
      holds: (self) => (!(self.spec.baseProfileName !== undefined) || (self.spec.baseProfileName !== self.metadata.name)),
    },
  ],
};

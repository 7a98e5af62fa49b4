// Generated from schemas/defs by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import type { Shape } from './shape.ts';

/** APP_ARMOR_PATH of schemas/defs. */
export const APP_ARMOR_PATH: Shape = {
  type: "string",
  minLength: 1,
  maxLength: 4096,
  pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$",
  hint: "must be an absolute path or pattern that begins with / or a variable such as @{PROC}, without quotes and control characters",
};

/** PROFILE_STATE of schemas/defs. */
export const PROFILE_STATE: Shape = { type: "string", enum: ["Error", "Terminating", "Partial", "Disabled", "Pending", "InProgress", "Installed"] };

/** CONDITION of schemas/defs. */
export const CONDITION: Shape = {
  type: "object",
  required: ["type", "status", "reason", "lastTransitionTime"],
  properties: {
    type: { type: "string", minLength: 1, maxLength: 316 },
    status: { type: "string", enum: ["True", "False", "Unknown"] },
    observedGeneration: { type: "integer", minimum: 0 },
    lastTransitionTime: {
      type: "string",
      pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
      hint: "must be a time such as 2026-01-31T12:00:00Z",
    },
    reason: {
      type: "string",
      minLength: 1,
      maxLength: 1024,
      pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
      hint: "must be one CamelCase word",
    },
    message: { type: "string", maxLength: 32768 },
  },
};

/** CONDITIONS of schemas/defs. */
export const CONDITIONS: Shape = { type: "array", maxItems: 32, keys: ["type"], items: CONDITION };

/** NODE_COUNTS of schemas/defs. */
export const NODE_COUNTS: Shape = {
  type: "object",
  properties: {
    desired: { type: "integer", minimum: 0, maximum: 2147483647 },
    installed: { type: "integer", minimum: 0, maximum: 2147483647 },
    pending: { type: "integer", minimum: 0, maximum: 2147483647 },
    failed: { type: "integer", minimum: 0, maximum: 2147483647 },
  },
};

/** NODE_FAILURE of schemas/defs. */
export const NODE_FAILURE: Shape = {
  type: "object",
  required: ["nodeName", "message"],
  properties: {
    nodeName: { type: "string", maxLength: 253 },
    reason: { type: "string", maxLength: 128 },
    message: { type: "string", maxLength: 1024 },
  },
};

/** NODE_FAILURES of schemas/defs. */
export const NODE_FAILURES: Shape = { type: "array", maxItems: 10, keys: ["nodeName"], items: NODE_FAILURE };

/** ACTIVE_WORKLOADS of schemas/defs. */
export const ACTIVE_WORKLOADS: Shape = { type: "array", maxItems: 1000, items: { type: "string", maxLength: 317 } };

/** LABEL_SELECTOR of schemas/defs. */
export const LABEL_SELECTOR: Shape = {
  type: "object",
  properties: {
    matchLabels: { type: "object", maxProperties: 64, others: { type: "string", maxLength: 63 } },
    matchExpressions: {
      type: "array",
      maxItems: 64,
      items: {
        type: "object",
        required: ["key", "operator"],
        properties: {
          key: { type: "string", minLength: 1, maxLength: 317 },
          operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
          values: { type: "array", maxItems: 256, items: { type: "string", maxLength: 63 } },
        },
        rules: [
          {
            field: ["values"],
            message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
            holds: (self) => (['In', 'NotIn'].includes(self.operator) ? ((self.values !== undefined) && ([...self.values].length > 0)) : (!(self.values !== undefined) || ([...self.values].length === 0))),
          },
        ],
      },
    },
  },
};

/** SECCOMP_ACTION of schemas/defs. */
export const SECCOMP_ACTION: Shape = {
  type: "string",
  enum: [
    "SCMP_ACT_KILL",
    "SCMP_ACT_KILL_PROCESS",
    "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_TRAP",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_TRACE",
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_LOG",
    "SCMP_ACT_NOTIFY",
  ],
};

/** SECCOMP_ARCHITECTURE of schemas/defs. */
export const SECCOMP_ARCHITECTURE: Shape = {
  type: "string",
  enum: [
    "SCMP_ARCH_NATIVE",
    "SCMP_ARCH_X86",
    "SCMP_ARCH_X86_64",
    "SCMP_ARCH_X32",
    "SCMP_ARCH_ARM",
    "SCMP_ARCH_AARCH64",
    "SCMP_ARCH_MIPS",
    "SCMP_ARCH_MIPS64",
    "SCMP_ARCH_MIPS64N32",
    "SCMP_ARCH_MIPSEL",
    "SCMP_ARCH_MIPSEL64",
    "SCMP_ARCH_MIPSEL64N32",
    "SCMP_ARCH_PPC",
    "SCMP_ARCH_PPC64",
    "SCMP_ARCH_PPC64LE",
    "SCMP_ARCH_S390",
    "SCMP_ARCH_S390X",
    "SCMP_ARCH_PARISC",
    "SCMP_ARCH_PARISC64",
    "SCMP_ARCH_RISCV64",
  ],
};

/** SECCOMP_FLAG of schemas/defs. */
export const SECCOMP_FLAG: Shape = {
  type: "string",
  enum: [
    "SECCOMP_FILTER_FLAG_TSYNC",
    "SECCOMP_FILTER_FLAG_LOG",
    "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
  ],
};

/** UINT64 of schemas/defs. */
export const UINT64: Shape = {
  type: "int-or-string",
  minimum: 0,
  pattern: "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$",
  hint: "must be a whole number from 0 to 18446744073709551615, as an integer or as a string of decimal digits or of hexadecimal ones after 0x",
};

/** TOLERATION of schemas/defs. */
export const TOLERATION: Shape = {
  type: "object",
  properties: {
    key: { type: "string", maxLength: 317 },
    operator: { type: "string", enum: ["Exists", "Equal", "Lt", "Gt"] },
    value: { type: "string", maxLength: 63 },
    effect: { type: "string", enum: ["", "NoSchedule", "PreferNoSchedule", "NoExecute"] },
    tolerationSeconds: { type: "integer" },
  },
  rules: [
    {
      field: ["tolerationSeconds"],
      message: "tolerationSeconds needs effect NoExecute",
      holds: (self) => (!(self.tolerationSeconds !== undefined) || ((self.effect !== undefined) && (self.effect === 'NoExecute'))),
    },
  ],
};

/** NODE_SELECTOR_REQUIREMENT of schemas/defs. */
export const NODE_SELECTOR_REQUIREMENT: Shape = {
  type: "object",
  required: ["key", "operator"],
  properties: {
    key: { type: "string", minLength: 1, maxLength: 317 },
    operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] },
    values: { type: "array", maxItems: 256, items: { type: "string", maxLength: 253 } },
  },
};

/** NODE_SELECTOR_TERM of schemas/defs. */
export const NODE_SELECTOR_TERM: Shape = {
  type: "object",
  properties: {
    matchExpressions: { type: "array", maxItems: 64, items: NODE_SELECTOR_REQUIREMENT },
    matchFields: { type: "array", maxItems: 64, items: NODE_SELECTOR_REQUIREMENT },
  },
};

/** POD_AFFINITY_TERM of schemas/defs. */
export const POD_AFFINITY_TERM: Shape = {
  type: "object",
  required: ["topologyKey"],
  properties: {
    labelSelector: LABEL_SELECTOR,
    namespaceSelector: LABEL_SELECTOR,
    namespaces: { type: "array", maxItems: 256, items: { type: "string", maxLength: 63 } },
    topologyKey: { type: "string", minLength: 1, maxLength: 317 },
    matchLabelKeys: { type: "array", maxItems: 64, items: { type: "string", maxLength: 317 } },
    mismatchLabelKeys: { type: "array", maxItems: 64, items: { type: "string", maxLength: 317 } },
  },
};

/** WEIGHTED_POD_AFFINITY_TERM of schemas/defs. */
export const WEIGHTED_POD_AFFINITY_TERM: Shape = {
  type: "object",
  required: ["podAffinityTerm", "weight"],
  properties: { weight: { type: "integer", minimum: 1, maximum: 100 }, podAffinityTerm: POD_AFFINITY_TERM },
};

/** POD_AFFINITY of schemas/defs. */
export const POD_AFFINITY: Shape = {
  type: "object",
  properties: {
    requiredDuringSchedulingIgnoredDuringExecution: { type: "array", maxItems: 32, items: POD_AFFINITY_TERM },
    preferredDuringSchedulingIgnoredDuringExecution: { type: "array", maxItems: 32, items: WEIGHTED_POD_AFFINITY_TERM },
  },
};

/** AFFINITY of schemas/defs. */
export const AFFINITY: Shape = {
  type: "object",
  properties: {
    nodeAffinity: {
      type: "object",
      properties: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          type: "object",
          required: ["nodeSelectorTerms"],
          properties: { nodeSelectorTerms: { type: "array", maxItems: 32, items: NODE_SELECTOR_TERM } },
        },
        preferredDuringSchedulingIgnoredDuringExecution: {
          type: "array",
          maxItems: 32,
          items: {
            type: "object",
            required: ["preference", "weight"],
            properties: { weight: { type: "integer", minimum: 1, maximum: 100 }, preference: NODE_SELECTOR_TERM },
          },
        },
      },
    },
    podAffinity: POD_AFFINITY,
    podAntiAffinity: POD_AFFINITY,
  },
};

/** LOCAL_OBJECT_REFERENCE of schemas/defs. */
export const LOCAL_OBJECT_REFERENCE: Shape = { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 1, maxLength: 253 } } };

/** QUANTITY of schemas/defs. */
export const QUANTITY: Shape = {
  type: "int-or-string",
  pattern: "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
  hint: "must be a quantity such as 250m, 512Mi or 1",
};

/** RESOURCE_REQUIREMENTS of schemas/defs. */
export const RESOURCE_REQUIREMENTS: Shape = {
  type: "object",
  properties: {
    requests: { type: "object", maxProperties: 64, others: QUANTITY },
    limits: { type: "object", maxProperties: 64, others: QUANTITY },
  },
};

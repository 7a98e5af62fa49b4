// Generated from schemas/crd/raw-selinux-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, CONDITIONS, NODE_COUNTS, NODE_FAILURES, PROFILE_STATE } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a RawSelinuxProfile. */
export const RAW_SELINUX_PROFILE_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha2"] },
    kind: { type: "string", enum: ["RawSelinuxProfile"] },
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
      required: ["policy"],
      properties: {
        disabled: { type: "boolean" },
        policy: {
          type: "string",
          minLength: 1,
          maxLength: 500000,
          pattern: "^[^\\x00]*[^\\s\\x00][^\\x00]*$",
          hint: "must hold more than white space, and no NUL character",
        },
      },
    },
    status: {
      type: "object",
      properties: {
        status: PROFILE_STATE,
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
        usage: { type: "string", maxLength: 512 },
        nodes: NODE_COUNTS,
        failures: NODE_FAILURES,
        activeWorkloads: ACTIVE_WORKLOADS,
        activeWorkloadCount: { type: "integer", minimum: 0, maximum: 2147483647 },
      },
    },
  },
};

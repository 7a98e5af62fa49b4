// Generated from schemas/crd/selinux-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, CONDITIONS, NODE_COUNTS, NODE_FAILURES, PROFILE_STATE } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a SelinuxProfile. */
export const SELINUX_PROFILE_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha2"] },
    kind: { type: "string", enum: ["SelinuxProfile"] },
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
        disabled: { type: "boolean" },
        permissive: { type: "boolean" },
        inherit: {
          type: "array",
          maxItems: 32,
          items: {
            type: "object",
            required: ["name"],
            properties: {
              kind: { type: "string", enum: ["System", "SelinuxProfile"] },
              name: {
                type: "string",
                minLength: 1,
                maxLength: 253,
                pattern: "^[A-Za-z0-9_.-]+$",
                hint: "must hold only letters, digits, dots, hyphens and underscores",
              },
            },
          },
        },
        allow: {
          type: "object",
          maxProperties: 2000,
          others: {
            type: "object",
            maxProperties: 200,
            others: {
              type: "array",
              maxItems: 200,
              items: {
                type: "string",
                minLength: 1,
                maxLength: 128,
                pattern: "^[A-Za-z0-9_.-]+$",
                hint: "must hold only letters, digits, dots, hyphens and underscores",
              },
            },
          },
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

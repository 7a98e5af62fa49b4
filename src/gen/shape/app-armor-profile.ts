// Generated from schemas/crd/app-armor-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, APP_ARMOR_PATH, CONDITIONS, NODE_COUNTS, NODE_FAILURES, PROFILE_STATE } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a AppArmorProfile. */
export const APP_ARMOR_PROFILE_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha1"] },
    kind: { type: "string", enum: ["AppArmorProfile"] },
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
        complainMode: { type: "boolean" },
        policy: {
          type: "string",
          minLength: 1,
          maxLength: 500000,
          pattern: "^[^\\x00]*[^\\s\\x00][^\\x00]*$",
          hint: "must hold more than white space, and no NUL character",
        },
        abstract: {
          type: "object",
          properties: {
            executable: {
              type: "object",
              properties: {
                allowedExecutables: { type: "array", maxItems: 10000, unique: true, items: APP_ARMOR_PATH },
                allowedLibraries: { type: "array", maxItems: 10000, unique: true, items: APP_ARMOR_PATH },
              },
            },
            filesystem: {
              type: "object",
              properties: {
                readOnlyPaths: { type: "array", maxItems: 10000, unique: true, items: APP_ARMOR_PATH },
                writeOnlyPaths: { type: "array", maxItems: 10000, unique: true, items: APP_ARMOR_PATH },
                readWritePaths: { type: "array", maxItems: 10000, unique: true, items: APP_ARMOR_PATH },
              },
            },
            network: {
              type: "object",
              properties: {
                allowRaw: { type: "boolean", nullable: true },
                allowedProtocols: {
                  type: "object",
                  properties: {
                    allowTcp: { type: "boolean", nullable: true },
                    allowUdp: { type: "boolean", nullable: true },
                  },
                },
              },
            },
            capability: {
              type: "object",
              properties: {
                allowedCapabilities: {
                  type: "array",
                  maxItems: 64,
                  unique: true,
                  items: {
                    type: "string",
                    minLength: 1,
                    maxLength: 32,
                    pattern: "^[A-Za-z_]+$",
                    hint: "must be the name of a capability without CAP_ in front",
                  },
                },
              },
            },
          },
        },
      },
      rules: [
        {
          message: "exactly one of policy and abstract must be given",
          holds: (self) => ((self.policy !== undefined) !== (self.abstract !== undefined)),
        },
      ],
    },
    status: {
      type: "object",
      properties: {
        status: PROFILE_STATE,
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
        nodes: NODE_COUNTS,
        failures: NODE_FAILURES,
        activeWorkloads: ACTIVE_WORKLOADS,
        activeWorkloadCount: { type: "integer", minimum: 0, maximum: 2147483647 },
      },
    },
  },
};

// Generated from schemas/crd/security-profile-node-status.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { CONDITIONS, PROFILE_STATE } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a SecurityProfileNodeStatus. */
export const SECURITY_PROFILE_NODE_STATUS_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "nodeName"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha1"] },
    kind: { type: "string", enum: ["SecurityProfileNodeStatus"] },
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
    nodeName: { type: "string", minLength: 1, maxLength: 253 },
    status: {
      type: "object",
      properties: {
        status: PROFILE_STATE,
        installed: { type: "integer", minimum: 0, maximum: 2147483647 },
        pending: { type: "integer", minimum: 0, maximum: 2147483647 },
        failed: { type: "integer", minimum: 0, maximum: 2147483647 },
        conditions: CONDITIONS,
        profiles: {
          type: "object",
          maxProperties: 4096,
          others: {
            type: "object",
            required: ["state"],
            properties: {
              state: PROFILE_STATE,
              uid: { type: "string", maxLength: 128 },
              generation: { type: "integer", minimum: 0 },
              hash: {
                type: "string",
                maxLength: 64,
                pattern: "^[0-9a-f]{8,64}$",
                hint: "must be 8 to 64 hexadecimal digits",
              },
              reason: { type: "string", maxLength: 128 },
              message: { type: "string", maxLength: 1024 },
              since: {
                type: "string",
                pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
                hint: "must be a time such as 2026-01-31T12:00:00Z",
              },
              denials: {
                type: "array",
                maxItems: 16,
                items: {
                  type: "object",
                  required: ["call", "enforced", "by", "last"],
                  properties: {
                    call: { type: "string", maxLength: 96 },
                    enforced: { type: "boolean" },
                    by: { type: "string", maxLength: 160 },
                    last: {
                      type: "string",
                      pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
                      hint: "must be a time such as 2026-01-31T12:00:00Z",
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

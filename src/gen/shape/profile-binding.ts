// Generated from schemas/crd/profile-binding.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, CONDITIONS, LABEL_SELECTOR } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a ProfileBinding. */
export const PROFILE_BINDING_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha1"] },
    kind: { type: "string", enum: ["ProfileBinding"] },
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
      required: ["profileRef", "image"],
      properties: {
        profileRef: {
          type: "object",
          required: ["kind", "name"],
          properties: {
            kind: {
              type: "string",
              enum: ["SeccompProfile", "SelinuxProfile", "AppArmorProfile", "RawSelinuxProfile"],
              rules: [
                {
                  message: "a RawSelinuxProfile cannot be bound: bindings do not support this kind; bind a SelinuxProfile",
                  holds: (self) => (self !== 'RawSelinuxProfile'),
                },
              ],
            },
            name: { type: "string", minLength: 1, maxLength: 253 },
          },
        },
        image: { type: "string", minLength: 1, maxLength: 1024 },
        podSelector: LABEL_SELECTOR,
        profileNotReady: {
          type: "object",
          properties: {
            policy: { type: "string", enum: ["Wait", "RunUnbound"] },
            timeoutSeconds: { type: "integer", minimum: 0, maximum: 86400 },
          },
        },
        enforcement: {
          type: "object",
          properties: {
            mode: { type: "string", enum: ["Audit", "Enforce", "Propose"] },
            promote: {
              type: "object",
              properties: {
                afterSeconds: { type: "integer", minimum: 0, maximum: 31536000 },
                replicas: { type: "integer", minimum: 1, maximum: 1000 },
                maxNewCallChance: { type: "number", minimum: 0, maximum: 1 },
              },
            },
          },
        },
      },
    },
    status: {
      type: "object",
      properties: {
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
        activeWorkloads: ACTIVE_WORKLOADS,
        activeWorkloadCount: { type: "integer", minimum: 0, maximum: 2147483647 },
        lastMatchTime: {
          type: "string",
          pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
          hint: "must be a time such as 2026-01-31T12:00:00Z",
          maxLength: 64,
        },
        state: {
          type: "string",
          enum: [
            "InUse",
            "NoMatch",
            "ProfileNotFound",
            "ProfileNotReady",
            "NamespaceNotLabelled",
            "KindNotSupported",
            "Outranked",
            "TrialImpossible",
          ],
        },
        message: { type: "string", maxLength: 1024 },
        trial: {
          type: "object",
          required: ["profileUID", "profileGeneration", "since"],
          properties: {
            profileUID: { type: "string", maxLength: 128 },
            profileGeneration: { type: "integer", minimum: 0 },
            since: {
              type: "string",
              pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
              hint: "must be a time such as 2026-01-31T12:00:00Z",
              maxLength: 64,
            },
            phase: { type: "string", enum: ["Auditing", "Enforcing", "Impossible"] },
            rolledBack: { type: "boolean" },
            lastDenial: {
              type: "string",
              pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
              hint: "must be a time such as 2026-01-31T12:00:00Z",
              maxLength: 64,
            },
            twinName: { type: "string", maxLength: 253 },
            twinUID: { type: "string", maxLength: 128 },
            twinGeneration: { type: "integer", minimum: 0 },
            countsOlder: { type: "boolean" },
            twinHash: { type: "string", maxLength: 64 },
            auditedPods: { type: "integer", minimum: 0, maximum: 2147483647 },
            enforcedPods: { type: "integer", minimum: 0, maximum: 2147483647 },
          },
        },
      },
    },
  },
};

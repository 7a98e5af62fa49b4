// Generated from schemas/crd/profile-recording.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.
import { ACTIVE_WORKLOADS, CONDITIONS, LABEL_SELECTOR } from './parts.ts';
import type { Shape } from './shape.ts';

/** The shape of a ProfileRecording. */
export const PROFILE_RECORDING_SHAPE: Shape = {
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { type: "string", enum: ["security-profiles-operator.x-k8s.io/v1alpha1"] },
    kind: { type: "string", enum: ["ProfileRecording"] },
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
      required: ["kind", "recorder", "podSelector"],
      properties: {
        kind: { type: "string", enum: ["SeccompProfile", "SelinuxProfile", "AppArmorProfile"] },
        recorder: { type: "string", enum: ["bpf", "logs"] },
        mergeStrategy: { type: "string", enum: ["none", "containers"] },
        podSelector: LABEL_SELECTOR,
        containers: {
          type: "array",
          maxItems: 256,
          unique: true,
          items: { type: "string", minLength: 1, maxLength: 63 },
        },
        disableProfileAfterRecording: { type: "boolean" },
        stableAfter: {
          type: "object",
          properties: {
            runs: { type: "integer", minimum: 1, maximum: 64 },
            seconds: { type: "integer", minimum: 0, maximum: 31536000 },
          },
        },
      },
      rules: [
        {
          field: ["recorder"],
          message: "kind SelinuxProfile can only be recorded with recorder logs",
          holds: (self) => ((self.kind !== 'SelinuxProfile') || (self.recorder === 'logs')),
        },
      ],
    },
    status: {
      type: "object",
      properties: {
        observedGeneration: { type: "integer", minimum: 0 },
        conditions: CONDITIONS,
        activeWorkloads: ACTIVE_WORKLOADS,
        activeWorkloadCount: { type: "integer", minimum: 0, maximum: 2147483647 },
        state: {
          type: "string",
          enum: [
            "Recording",
            "NoMatch",
            "NamespaceNotLabelled",
            "RecorderNotEnabled",
            "RecorderNotReady",
            "KindNotSupported",
            "RecorderNotSupported",
            "NameNotDNSLabel",
          ],
        },
        message: { type: "string", maxLength: 1024 },
        profiles: { type: "integer", minimum: 0, maximum: 2147483647 },
        syscalls: { type: "integer", minimum: 0, maximum: 2147483647 },
        lastNewCall: {
          type: "string",
          pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
          hint: "must be a time such as 2026-01-31T12:00:00Z",
          maxLength: 64,
        },
      },
    },
  },
};

// SPDX-License-Identifier: Apache-2.0
// A fourth kind of profile, of the tests' own: everything that a kind must bring along, and no more. A Motto is a line
// of text; on a node it is an entry of a map, and a pod uses it by an annotation.
import { Rejected } from '../../src/core/errors.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import type { ManagerProfileKind } from '../../src/handlers/manager/profile-status.ts';
import type { NodeProfileKind, Written } from '../../src/handlers/node/profile-kind.ts';
import type { Support } from '../../src/core/status/support.ts';
import { profileSource } from '../../src/handlers/sources/profiles.ts';
import type { Profile, ProfileKind } from '../../src/handlers/sources/profiles.ts';
import type { WiredKind } from '../../src/roles/wiring/profile-kinds.ts';
import type { ObjectKey } from '../../src/runtime/object.ts';

/** A motto; `status.usedAs` is its own field. */
export interface Motto extends Profile {
  readonly spec: { readonly disabled?: boolean; readonly text: string };
}

/** Where the objects are. */
export const MOTTO_RESOURCE = {
  group: 'test.example.com',
  version: 'v1',
  kind: 'Motto',
  plural: 'mottos',
  scope: 'Namespaced',
} as const;

/** The annotation by which a pod uses mottos, separated by commas. */
export const MOTTOS_OF_POD = 'test.example.com/mottos';

const MOTTO: ProfileKind<Motto> = {
  resource: MOTTO_RESOURCE,
  source: profileSource<Motto>(MOTTO_RESOURCE, () => ({ text: '' })),
  baseLevels: 0,
  support: 'MottoSupported',
  useName: ({ namespace = '', name }) => `${name}.${namespace}`,
  namesIn: ({ metadata }) => metadata.annotations?.[MOTTOS_OF_POD]?.split(',') ?? [],
  basesOf: () => [],
};

/** Mottos on a node, which are lines of a map. */
export function mottosOnNode(lines: Map<string, string>): NodeProfileKind<Motto> {
  const write = (name: string, text: string): Written => {
    if (text.includes('!')) throw new Rejected('InvalidSeccompProfile', 'this node does not shout');
    const before = lines.get(name);
    lines.set(name, text);
    const off = text.includes('sleep') ? { off: 'this node never sleeps' } : {};
    return {
      changed: before !== text,
      hash: 'a'.repeat(16),
      warnings: [`it has ${String(text.length)} letters`],
      ...off,
    };
  };
  return {
    ...MOTTO,
    reasons: { notSaved: 'CannotSaveSeccompProfile', notRemoved: 'CannotRemoveSeccompProfile' },
    counters: { done: () => undefined, failed: () => undefined },
    words: { written: 'learnt', removed: 'forgotten' },
    watches: [],
    leftovers: () =>
      [...lines.keys()].map((useName) => ({
        key: keyOfLine(useName),
        useName,
        remove: async () => lines.delete(useName),
      })),
    prepare: ({ spec }) => {
      if (spec.text === '') throw new Rejected('InvalidSeccompProfile', 'spec.text: a motto has at least a word');
      return { text: spec.text, hash: sha256Hex(spec.text).slice(0, 16), warnings: [] };
    },
    write: async (key, { text }) => write(MOTTO.useName(key), text),
    remove: async (key) => lines.delete(MOTTO.useName(key)),
    holds: async (key) => lines.has(MOTTO.useName(key)),
  };
}

const mottosInManager: ManagerProfileKind<Motto> = {
  ...MOTTO,
  reasons: { installed: 'SavedSeccompProfile', failed: 'CannotSaveSeccompProfile', deed: 'learnt it' },
  watches: [],
  statusFields: (key) => ({ usedAs: MOTTO.useName(key) }),
};

/** The kind for both processes, on nodes that can read or cannot. */
export function mottoKind(lines: Map<string, string>, status: Support['status'] = 'True'): WiredKind {
  const support = { type: 'MottoSupported', status, reason: 'Reading', message: 'the node has learnt to read or not' };
  return { kind: MOTTO, support: () => support, onNode: () => mottosOnNode(lines), inManager: () => mottosInManager };
}

function keyOfLine(useName: string): ObjectKey {
  const [name = '', namespace] = useName.split('.');
  return { namespace, name };
}

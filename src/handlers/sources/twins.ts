// SPDX-License-Identifier: Apache-2.0
// Which profiles are log-only twins, and of which bindings. A label can be set by anybody who may write a profile, and
// so can an owner; but the UID of a binding makes it the twin of that one only.
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { Profile } from './profiles.ts';

/** A binding that owns a twin. */
export interface TwinOwner extends ObjectKey {
  readonly uid: string;
}

/** The binding that owns an object; undefined for one that is no twin. */
export function bindingOwner({ metadata }: KubeObject): TwinOwner | undefined {
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === PROFILE_BINDING.kind);
  return owner === undefined ? undefined : { namespace: metadata.namespace, name: owner.name, uid: owner.uid };
}

/** The twins of one kind by the binding that owns them. */
export class Twins {
  private readonly byOwner: (binding: string) => readonly Profile[];

  constructor(profiles: Reader<Profile>) {
    this.byOwner = profiles.index((profile) => {
      const owner = bindingOwner(profile);
      return owner === undefined ? [] : [keyText(owner)];
    });
  }

  /** Those of a binding of that name, be it of one that had the name before. */
  of(binding: ObjectKey): readonly Profile[] {
    return this.byOwner(keyText(binding));
  }
}

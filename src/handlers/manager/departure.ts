// SPDX-License-Identifier: Apache-2.0
// Whether the operator is being uninstalled. Its process ends in the next moment then, and what it leaves behind
// in the cluster blocks pods for ever: so whoever holds pods back asks here, and lets them go.
import { OPERATOR } from '../../core/names.ts';
import type { Reader } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { KubeObject } from '../../runtime/object.ts';

/** The objects that tell of it. */
export interface DepartureParts {
  /** The operator's namespace. */
  readonly namespace: string;
  readonly namespaces: Reader<KubeObject>;
  /** The manager's own Deployment; there may be none, where the manager runs outside of the cluster. */
  readonly managers: Reader<KubeObject>;
}

/** Follows the objects by which an uninstallation begins. */
export class Departure {
  private readonly parts: DepartureParts;
  private hadDeployment = false;

  constructor(parts: DepartureParts) {
    this.parts = parts;
  }

  /**
   * Whether the operator goes: its namespace does, or the manager's Deployment, which was there. To be asked once while
   * all is well, so that the Deployment is known to have been there.
   */
  isNear(): boolean {
    const { namespace, namespaces, managers } = this.parts;
    return this.isShownBy(namespaces.get({ name: namespace }), managers.get({ namespace, name: OPERATOR }));
  }

  /** The same of the two objects as the API server has them: watches may be behind. */
  isShownBy(home: KubeObject | undefined, manager: KubeObject | undefined): boolean {
    if (manager !== undefined) this.hadDeployment = true;
    const isGone = manager === undefined ? this.hadDeployment : isDeleting(manager);
    return isGone || (home !== undefined && isDeleting(home));
  }
}

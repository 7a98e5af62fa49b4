// SPDX-License-Identifier: Apache-2.0
// An operator that uses the framework as its documentation says, for tests of what our overrides make of that.
import type { ResourceEvent } from '@dot-i/k8s-operator';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import type { OperatorParts } from '../../src/runtime/spo-operator.ts';

/** The action of a test in the callback. */
export type Step = (operator: FrameworkUser, event: ResourceEvent) => Promise<void>;

/**
 * An operator in the framework's own manner, in the namespaces that it is given or in all; it notes what it is told.
 */
export class FrameworkUser extends SpoOperator {
  readonly seen: string[] = [];
  step: Step = async () => undefined;
  private readonly places: readonly (string | undefined)[];

  private constructor(parts: OperatorParts, places: readonly (string | undefined)[]) {
    super(parts);
    this.places = places;
  }

  static on(parts: OperatorParts, namespaces: readonly string[] = []): FrameworkUser {
    return new FrameworkUser(parts, namespaces.length === 0 ? [undefined] : namespaces);
  }

  protected override async init(): Promise<void> {
    const note = async (event: ResourceEvent): Promise<void> => {
      this.seen.push(`${event.type} ${event.meta.namespace ?? ''}/${event.meta.name}`);
      await this.step(this, event);
    };
    for (const place of this.places) await this.watchResource('test.example.com', 'v1', 'widgets', note, place);
  }

  status(event: ResourceEvent, how: 'set' | 'patch', status: object) {
    return how === 'set' ? this.setResourceStatus(event.meta, status) : this.patchResourceStatus(event.meta, status);
  }

  finalize(event: ResourceEvent, cleanup: () => Promise<void>): Promise<boolean> {
    return this.handleResourceFinalizer(event, 'test.example.com/held', cleanup);
  }

  uri(namespace?: string): string {
    return this.getCustomResourceApiUri('test.example.com', 'v1', 'widgets', namespace);
  }

  crd(): Promise<unknown> {
    return this.registerCustomResourceDefinition('widget.yaml');
  }
}

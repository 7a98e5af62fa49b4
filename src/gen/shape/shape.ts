// Generated from tools/gen/print-shapes.ts by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** A rule of several fields of an object. */
export interface ShapeRule {
  /** The steps from the object to the field that the fault is about; none for the object itself. */
  readonly field?: readonly string[];
  readonly message: string;
  /** Takes a value that fits the shape otherwise. */
  readonly holds: (self: never) => boolean;
}

/** The shape that a value must have. */
export interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string';
  readonly nullable?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  /** In code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** The text of a message in place of the pattern. */
  readonly hint?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Shape;
  /** Whether a list may not repeat an item. */
  readonly unique?: true;
  /** The properties in which the items of a list differ. */
  readonly keys?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  /** Properties without a name here: their shape, true for any; left out where there must be none. */
  readonly others?: Shape | true;
  readonly rules?: readonly ShapeRule[];
}

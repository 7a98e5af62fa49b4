// SPDX-License-Identifier: Apache-2.0
// JSON as a type. The generator's input is hand-written JSON, so it is taken as data and looked at before it is
// believed.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a JSON value is an object, and neither an array nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}

/** Whether a JSON value is an array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * Parses JSON text.
 * @throws SyntaxError that names the subject, when the text is no JSON.
 */
export function parseJson(text: string, subject: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new SyntaxError(`${subject} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

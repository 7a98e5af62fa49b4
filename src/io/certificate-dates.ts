// SPDX-License-Identifier: Apache-2.0
// When a certificate is valid, for those who only want to know that. Node's cryptography is loaded when it is needed:
// all commands of spoc know this function.
import type { Validity } from '../core/certificates.ts';

/** When the first certificate of a PEM text is valid; undefined for a text that has none. */
export function datesOf(pem: string): Validity | undefined {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return { from: validFromDate.getTime(), until: validToDate.getTime() };
  } catch {
    return undefined;
  }
}

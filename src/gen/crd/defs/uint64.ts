// Generated from schemas/defs/uint64.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * A number from 0 to 18446744073709551615 (64 bits without sign). Up to 9223372036854775807 it may be written as a plain integer; above that write it as a string, because the API server reads integers with a sign. Strings hold decimal digits or hexadecimal ones after 0x, as in "0xffffffffffffffff". The operator keeps all 64 bits in either form.
 */
export type Uint64 = number | bigint | string;

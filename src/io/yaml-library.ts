// SPDX-License-Identifier: Apache-2.0
// The library that reads and prints any YAML, as far as it is used. Beside quick commands of spoc it is a file of its
// own (tools/build.ts), because most profiles are read without it.
export { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, stringify } from 'yaml';

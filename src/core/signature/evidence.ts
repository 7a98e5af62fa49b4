// SPDX-License-Identifier: Apache-2.0
// All that a signature by a certificate is proved with, as it was found. The certificate names the signer; it lives for
// minutes, so a log or a timestamp must prove that the signature was made in them.

/** A bundle with an envelope, as JSON, or a classic signature with its annotations. */
export type Evidence =
  | { readonly form: 'bundle'; readonly bundle: Readonly<Record<string, unknown>> }
  | {
      readonly form: 'classic';
      readonly payload: Uint8Array;
      readonly signature: Uint8Array;
      /** PEM. */
      readonly certificate: string;
      /** JSON of the log's entry and its promise; undefined where there is none. */
      readonly log: string | undefined;
      /** JSON of a timestamp; undefined where there is none. */
      readonly timestamp: string | undefined;
    };

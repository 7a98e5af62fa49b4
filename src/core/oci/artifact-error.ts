// SPDX-License-Identifier: Apache-2.0
// Why an artifact cannot be had or used. The classes are those that container runtimes tell apart (KEP-6061): what is
// wrong for good, and what may be right on the next try.

/**
 * - `InvalidReference`: the text names no artifact
 * - `InvalidArtifact`: it is there, and not what it must be; another try gives the same
 * - `ArtifactNotFound`: the registry says that there is none
 * - `RegistryDenied`: the registry asks for credentials, or for other ones
 * - `RegistryUnavailable`: no answer, or none that can be used, now
 * - `SignatureValidationFailed`: nobody who may has signed it
 */
export type ArtifactReason =
  | 'InvalidReference'
  | 'InvalidArtifact'
  | 'ArtifactNotFound'
  | 'RegistryDenied'
  | 'RegistryUnavailable'
  | 'SignatureValidationFailed';

/** A failure with artifacts; the message names the reference or the registry. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  readonly reason: ArtifactReason;

  constructor(reason: ArtifactReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  /** Whether the same question may be answered otherwise later, without a change of the artifact's name or content. */
  get isTemporary(): boolean {
    return this.reason !== 'InvalidReference' && this.reason !== 'InvalidArtifact';
  }
}

/** An artifact that is not what it must be. */
export function invalidArtifact(message: string, options?: ErrorOptions): ArtifactError {
  return new ArtifactError('InvalidArtifact', message, options);
}

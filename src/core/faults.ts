// SPDX-License-Identifier: Apache-2.0
// Bad input is answered with everything that is wrong with it, each with the field and the reason, so that a user need
// not correct a profile one error at a time.

/**
 * One thing that is wrong: the field, such as `syscalls[2].args[0].op`, and the reason as a sentence without a full
 * stop.
 */
export interface ProfileFault {
  readonly field: string;
  readonly reason: string;
}

function describe({ field, reason }: ProfileFault): string {
  return field === '' ? reason : `${field}: ${reason}`;
}

/** Faults in one message: a condition holds no more, and a profile of thousands of mistakes must not fill a log. */
const FAULTS_TOLD = 20;

function summary(faults: readonly ProfileFault[]): string {
  const listed = faults.slice(0, FAULTS_TOLD).map(describe).join('; ');
  const left = faults.length - FAULTS_TOLD;
  return left > 0 ? `${listed}; and ${left} more` : listed;
}

/** A profile that cannot be used, with every fault. The message names the subject and the first of them. */
export class InvalidProfile extends Error {
  override readonly name = 'InvalidProfile';
  readonly faults: readonly ProfileFault[];
  private readonly subject: string;

  constructor(subject: string, faults: readonly ProfileFault[]) {
    super(`${subject}: ${summary(faults)}`);
    this.faults = faults;
    this.subject = subject;
  }

  /** The faults as the message has them, without the subject. */
  get faultText(): string {
    return summary(this.faults);
  }

  /** A sentence for each fault, with the subject. */
  get sentences(): readonly string[] {
    return this.faults.map((fault) => `${this.subject}: ${describe(fault)}`);
  }
}

/** Collects faults while a value is read, so that reading can go on after the first. */
export class FaultList {
  private readonly faults: ProfileFault[] = [];

  /** Notes a fault. */
  add(field: string, reason: string): void {
    this.faults.push({ field, reason });
  }

  /** How many faults were noted. */
  get count(): number {
    return this.faults.length;
  }

  /** Ends the reading: throws InvalidProfile when anything was noted. */
  throwIfAny(subject: string): void {
    if (this.faults.length > 0) throw new InvalidProfile(subject, this.faults);
  }
}

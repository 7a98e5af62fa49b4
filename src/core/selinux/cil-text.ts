// SPDX-License-Identifier: Apache-2.0
// Prints a tree of CIL so that any compiler reads it as we did: words without quotes where they need none, no comments,
// no line marks, and each word in the line where the user has it, so that messages of the compiler lead there.
import { isSymbol } from './cil.ts';
import type { CilList, CilNode } from './cil.ts';

/** The text of statements, its lines those of the text that was read, with a newline at its end. */
export function printCil(statements: readonly CilList[]): string {
  const printer = new CilPrinter();
  for (const statement of statements) printer.add(statement);
  return printer.finish();
}

/** One list, or the way out of it. */
type Step = CilNode | ')';

class CilPrinter {
  private text = '';
  private line = 1;
  /** Whether a blank must stand before a word. */
  private needsBlank = false;

  /** Not recursive, like the reader. */
  add(statement: CilList): void {
    const steps: Step[] = [statement];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      if (step === ')') {
        this.text += ')';
        this.needsBlank = false;
      } else if (step.kind === 'list') {
        this.moveTo(step.line);
        this.text += '(';
        this.needsBlank = false;
        steps.push(')');
        for (let index = step.items.length - 1; index >= 0; index--) steps.push(step.items[index] ?? ')');
      } else {
        this.moveTo(step.line);
        if (this.needsBlank) this.text += ' ';
        this.text += isSymbol(step.text) ? step.text : `"${step.text}"`;
        this.needsBlank = true;
      }
    }
  }

  finish(): string {
    return `${this.text}\n`;
  }

  private moveTo(line: number): void {
    if (line <= this.line) return;
    this.text += '\n'.repeat(line - this.line);
    this.line = line;
    this.needsBlank = false;
  }
}
